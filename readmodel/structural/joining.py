"""Which issues may belong to a structural case: of its theme, in its area, open or reported since it was opened."""

from collections.abc import Sequence
from math import cos, radians

from sqlalchemy import ColumnElement, and_, func, select, union
from sqlalchemy.orm import Session

from domain.case import Case
from domain.words import CaseId, Kind
from readmodel.schema import CASES
from readmodel.sight import Sight, within
from readmodel.structural.bundles import Issue, bundled_elsewhere, issues
from readmodel.structural.effect import Circle
from readmodel.structural.hot_spots import METRES_A_DEGREE, SAID_ELSEWHERE, metres_between

MOST = 20
LOOKED_AT = 500


def might_join(session: Session, case: Case, area: Sequence[Circle], sight: Sight) -> tuple[Issue, ...]:
    """The latest first; in the neighbourhood where the case has no area yet. Those of other open cases are left out."""
    structure = case.structure
    if structure is None or case.closed:
        return ()
    columns = (CASES.c.case_id, CASES.c.lat, CASES.c.lon, CASES.c.opened_at)
    there = (_about(area) if area else CASES.c.neighbourhood == case.neighbourhood, *within(session, sight, CASES))
    # The place narrows down what is open far more than the theme does, so no index is to begin with the theme.
    of_theme = func.coalesce(CASES.c.theme, "") == structure.theme
    still_open = select(*columns).where(CASES.c.closed_at.is_(None), of_theme)
    since = select(*columns).where(CASES.c.theme == structure.theme, CASES.c.opened_at >= case.opened_at)
    of_kind = (CASES.c.kind == Kind.ISSUE.value, CASES.c.outcome.is_(None) | CASES.c.outcome.not_in(SAID_ELSEWHERE))
    both = union(still_open.where(*of_kind, *there), since.where(*of_kind, *there)).subquery()
    query = select(both).order_by(both.c.opened_at.desc(), both.c.case_id).limit(LOOKED_AT)
    found = [
        CaseId(row.case_id)
        for row in session.connection().execute(query)
        if row.case_id not in structure.issues and (not area or _inside(row.lat, row.lon, area))
    ]
    taken = bundled_elsewhere(session, found, case.case_id)
    free = [one for one in found if one not in taken][:MOST]
    return tuple(reversed(issues(session, free, sight)))


def _about(area: Sequence[Circle]) -> ColumnElement[bool]:
    """In the rectangle that holds all circles."""
    heights = [radius / METRES_A_DEGREE for _, _, radius in area]
    widths = [high / max(cos(radians(lat)), 0.01) for high, (lat, _, _) in zip(heights, area, strict=True)]
    lats = [(lat - high, lat + high) for high, (lat, _, _) in zip(heights, area, strict=True)]
    lons = [(lon - wide, lon + wide) for wide, (_, lon, _) in zip(widths, area, strict=True)]
    return and_(
        CASES.c.lat.between(min(lats)[0], max(high for _, high in lats)),
        CASES.c.lon.between(min(lons)[0], max(high for _, high in lons)),
    )


def _inside(lat: float, lon: float, area: Sequence[Circle]) -> bool:
    return any(metres_between(lat, lon, *middle) <= radius for *middle, radius in area)
