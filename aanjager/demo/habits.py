"""How likely people in the demonstration are to act, each in their turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """Chances from 0 to 1; `slowness` stretches every delay."""

    answers: float = 0.94
    """A department answers of its own accord, though perhaps late."""
    declines: float = 0.05
    transfers: float = 0.05
    asks: float = 0.05
    finishes: float = 0.95
    """A department that accepted carries on without being called to order."""
    plans: float = 0.35
    reports: float = 0.75
    pauses: float = 0.06
    resumes: float = 0.5
    """Before the pause ends by itself."""
    replies: float = 0.75
    """A resident who was asked answers."""
    places: float = 0.9
    closes: float = 0.25
    """A manager who must place a case explains instead why nothing will be done."""
    acknowledges: float = 0.45
    wakes: float = 0.6
    """Whoever is late moves when an escalation is raised; on the last rung surely, unless never."""
    extends: float = 0.3
    feedback: float = 0.45
    dissatisfied: float = 0.12
    supported: float = 0.12
    withdraws: float = 0.015
    hurries: float = 0.012
    """A manager makes an ordinary case urgent."""
    remarks: float = 0.06
    offers: float = 0.025
    """A manager offers an ordinary case to residents."""
    adopts: float = 0.75
    accounts: float = 0.85
    slowness: float = 1.0


ORDINARY = Habits()
STILL = Habits(
    answers=0, declines=0, transfers=0, asks=0, finishes=0, plans=0, reports=0, pauses=0, resumes=0, replies=0,
    places=0, closes=0, acknowledges=0, wakes=0, extends=0, feedback=0, dissatisfied=0, supported=0.2, withdraws=0,
    hurries=0, offers=0, adopts=0, accounts=0,
)  # fmt: skip
"""Nobody does anything: what a scene needs is added to it."""
