"""How likely it is that two reports are about the same thing: place, service and time lead, words add.

    near     = 1/2 for every 50 metres between them; 1/4 where a place is not known, in the same neighbourhood
    recent   = 1/2 for every 60 days between them
    kin      = 1 for the same service, 0.6 for a kindred one, 0 for any other
    base     = near × recent × kin
    words    = how far the likeness of the texts exceeds 0.4, of the 0.6 that is left: reports about anything at all
               have that much in common
    likeness = base ^ (1 - words / 2)

So equal words bring two reports halfway to certainty, by the measure of their logarithm, and cannot bring together
what lies far apart; different words take nothing away, for a hole and a pit are one and the same.
"""

from dataclasses import dataclass
from enum import Enum

PROBABLY, PERHAPS = 0.5, 0.2
"""From when on two reports are probably about the same, and from when on it is worth a look."""
_HALF_METRES, _HALF_DAYS, _SOMEWHERE = 50.0, 60.0, 0.25
_CHANCE = 0.4


class Kin(Enum):
    """How the services of two reports are related; the value is what that is worth."""

    SAME = 1.0
    KINDRED = 0.6
    """Of one theme and group."""
    OTHER = 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two reports."""

    kin: Kin
    metres: float | None
    """Between them; absent where a place is not known, and both are in one neighbourhood."""
    days: float
    """Between them, whichever came first."""
    text: float | None = None
    """How alike their texts are, 0 to 1; absent where they are not compared."""


def likeness(pair: Pair) -> float:
    """From 0, surely not the same, to 1."""
    near = _SOMEWHERE if pair.metres is None else 0.5 ** (pair.metres / _HALF_METRES)
    base: float = near * 0.5 ** (abs(pair.days) / _HALF_DAYS) * pair.kin.value
    words = max(0.0, (pair.text or 0.0) - _CHANCE) / (1 - _CHANCE)
    return base ** (1 - words / 2) if base else 0.0
