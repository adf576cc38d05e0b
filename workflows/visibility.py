"""What Temporal's own pages and searches show of a case. Never personal data: these stay in plain text."""

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair

from domain.case import Case

DEPARTMENT = SearchAttributeKey.for_keyword_list("Department")
NEIGHBOURHOOD = SearchAttributeKey.for_keyword("Neighbourhood")
SERVICE = SearchAttributeKey.for_keyword("Service")
STAGE = SearchAttributeKey.for_keyword("Stage")
ESCALATION_LEVEL = SearchAttributeKey.for_int("EscalationLevel")
DUE = SearchAttributeKey.for_datetime("Due")

KEYS = (DEPARTMENT, NEIGHBOURHOOD, SERVICE, STAGE, ESCALATION_LEVEL, DUE)
"""Registered by `aanjager migrate`."""


def attributes(case: Case) -> tuple[SearchAttributePair[Any], ...]:
    """The search attributes of a case as it stands."""
    departments = sorted({a.department for a in case.live})
    level = max((e.level for e in case.open_escalations()), default=0)
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(DEPARTMENT, departments),
        SearchAttributePair(NEIGHBOURHOOD, case.neighbourhood),
        SearchAttributePair(SERVICE, case.service),
        SearchAttributePair(STAGE, str(case.stage)),
        SearchAttributePair(ESCALATION_LEVEL, level),
    ]
    if case.promised_by is not None:
        pairs.append(SearchAttributePair(DUE, case.promised_by))
    return tuple(pairs)


def summary(case: Case) -> str:
    """One line that names the case among others."""
    return f"{case.number} · {case.service} · {case.neighbourhood}"


def details(case: Case) -> str:
    """How the case stands, in a few lines of Markdown."""
    lines = [f"**{case.number}** is **{case.stage}**, round {case.round}, version {case.version}"]
    if case.promised_by is not None:
        lines.append(f"- promised by {case.promised_by.isoformat(timespec='minutes')}")
    lines += [f"- {a.id}: {a.department}, {a.state}" for a in case.assignments]
    lines += [f"- {e.id}: {e.reason}, level {e.level}, to {e.to}" for e in case.open_escalations()]
    return "\n".join(lines)
