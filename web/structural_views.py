"""The shapes in which the API tells of structural work."""

from collections.abc import Mapping
from datetime import date, datetime

from domain.durations import Duration, Elapsed, WorkingDays
from domain.words import NoteId, Outcome, Stage
from readmodel.case_detail import CaseDetail
from readmodel.structural.bundles import Issue, PartOf
from readmodel.structural.hot_spots import HotSpot, HotSpotState
from web.context import WebContext
from web.view_base import Shown


class IssueShown(Shown):
    """An issue that a structural case bundles; it is read at `/cases/{case_id}` by those who may."""

    case_id: str
    number: str
    service: str
    neighbourhood: str
    stage: Stage
    outcome: Outcome | None
    opened_at: datetime


class ReviewShown(Shown):
    at: datetime
    note: str | None


class StructureShown(Shown):
    """What a structural case is about; its plan is its `assignments`, each with its `task`."""

    theme: str
    hot_spot: str | None
    review_every: str
    review_at: datetime
    """When the next review falls due, or fell due."""
    review_by: datetime | None
    """A review is due until then; null while none is."""
    done_at: datetime | None
    """Since when every action is done; null while there is something to do."""
    reviews: tuple[ReviewShown, ...]
    issues: tuple[IssueShown, ...]


class PartOfShown(Shown):
    """The structural case that an issue belongs to."""

    case_id: str
    number: str
    stage: Stage


class HotSpotShown(Shown):
    """A circle and some days, both ends inclusive, with more reports of a theme than chance explains."""

    hot_spot: str
    neighbourhood: str
    theme: str
    lat: float
    lon: float
    radius: float
    """Metres."""
    first_day: date
    last_day: date
    observed: int
    expected: float
    p: float
    """How often chance alone shows something as unlikely anywhere in the city."""
    cases: tuple[str, ...]
    state: HotSpotState
    first_found_at: datetime
    found_at: datetime
    structural: str | None
    """The structural case that takes it up."""
    decided_at: datetime | None
    why: str | None


class HotSpotsShown(Shown):
    reviewed_at: datetime | None
    """When hot spots were last looked for; null where they never were."""
    items: tuple[HotSpotShown, ...]


class StructuralOpened(Shown):
    case_id: str
    number: str


def structure_shown(context: WebContext, detail: CaseDetail, texts: Mapping[NoteId, str]) -> StructureShown | None:
    structure = detail.case.structure
    if structure is None:
        return None
    return StructureShown(
        theme=structure.theme,
        hot_spot=structure.hot_spot,
        review_every=in_words(structure.review_every),
        review_at=context.local(structure.review_at),
        review_by=context.local(structure.review_by) if structure.review_by is not None else None,
        done_at=context.local(structure.done_at) if structure.done_at is not None else None,
        reviews=tuple(ReviewShown(at=context.local(r.at), note=texts.get(r.note)) for r in structure.reviews),
        issues=tuple(_issue(context, one) for one in detail.issues),
    )


def part_of_shown(part: PartOf | None) -> PartOfShown | None:
    return PartOfShown(case_id=part.case_id, number=part.number, stage=part.stage) if part is not None else None


def hot_spot_shown(context: WebContext, spot: HotSpot, *, with_texts: bool) -> HotSpotShown:
    found = spot.found
    return HotSpotShown(
        hot_spot=spot.id,
        neighbourhood=found.neighbourhood,
        theme=found.theme,
        lat=found.lat,
        lon=found.lon,
        radius=found.radius,
        first_day=found.first_day,
        last_day=found.last_day,
        observed=len(found.cases),
        expected=round(found.expected, 2),
        p=found.p,
        cases=found.cases,
        state=spot.state,
        first_found_at=context.local(spot.first_found_at),
        found_at=context.local(spot.found_at),
        structural=spot.structural,
        decided_at=context.local(spot.decided_at) if spot.decided_at is not None else None,
        why=spot.why if with_texts else None,
    )


def in_words(duration: Duration) -> str:
    """As city files write it."""
    if isinstance(duration, WorkingDays):
        return f"{duration.days} working days"
    return f"{duration.seconds // 3600} {'' if isinstance(duration, Elapsed) else 'working '}hours"


def _issue(context: WebContext, one: Issue) -> IssueShown:
    return IssueShown(
        case_id=one.case_id,
        number=one.number,
        service=one.service,
        neighbourhood=one.neighbourhood,
        stage=one.stage,
        outcome=one.outcome,
        opened_at=context.local(one.opened_at),
    )
