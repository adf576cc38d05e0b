"""One case for those who work on it: its story, its clocks, what comes next, and what may be done now."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from domain.case import Case
from domain.clocks import clocks, counting, time_left
from domain.words import CaseId, Term
from readmodel.case_detail import CaseDetail, case_detail, in_sight
from readmodel.case_letters import letters_of
from readmodel.database import reading
from readmodel.followers import Contact
from readmodel.meetings import meetings_named
from readmodel.people import names_of
from readmodel.reporters import earlier_reports
from web.alike import duplicates
from web.case_view import NOTHING_EARLIER, case_shown
from web.charts.neighbourhoods import Area, map_of
from web.context import Context, WebContext
from web.pages.acting.acts import acts
from web.pages.acting.given import done
from web.pages.answers import answers_told
from web.pages.cases.bars import bars_of
from web.pages.cases.likely import suggestions
from web.pages.cases.recipients import recipient
from web.pages.cases.telling import Teller, decided_at
from web.pages.frame import page, speaking
from web.pages.partner.links import REVOKING
from web.pages.projects.page import general, project_page
from web.pages.spans import duration_in_words, in_words, seconds_in_words
from web.pages.structural.case_part import structural_part
from web.problems import not_found
from web.sight import sees_reporter, sees_texts, sight_of
from web.signin.viewer import AnyStaff

router = APIRouter(include_in_schema=False)

AROUND = 150.0
"""How much of the map is shown around the spot, to each side, in units of the map."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The part of the map around a case."""

    view_box: str
    areas: tuple[Area, ...]
    x: float | None
    y: float | None


@router.get("/cases/{case_id:uuid}")
def case_page(request: Request, context: Context, viewer: AnyStaff, case_id: UUID) -> Response:
    """Raises Problem 404 also for a case that the viewer may not know of."""
    with reading(context.database) as session:
        detail = case_detail(session, CaseId(str(case_id)), sight_of(viewer.actor))
        if detail is None:
            raise not_found("There is no such case.")
        letters = letters_of(session, detail.case.case_id)
        knows = sees_reporter(viewer.actor, detail.case)
        earlier = earlier_reports(session, detail.case.case_id, sight_of(viewer.actor)) if knows else NOTHING_EARLIER
        names = names_of(session, {h.by.id for h in detail.timeline if h.by is not None})
        meetings = meetings_named(session, decided_at(detail.timeline))
        reader = speaking(request, context, viewer)
        case, rules, project = detail.case, detail.rules, detail.case.project
        offered = acts(context, reader, viewer, rules, case, f"/cases/{case_id}")
        of_project = None
        if project is not None:
            of_project = project_page(context, session, reader, viewer, detail, project, offered)
            offered = general(context, reader, project, offered)
        whole_seen = detail.part_of is not None and in_sight(session, detail.part_of.case_id, sight_of(viewer.actor))
        structural = structural_part(context, session, reader, viewer, detail, offered, context.now())
    now = context.now()
    teller = Teller(context, reader, case, names, meetings)
    drawn = bars_of(clocks(rules, case, detail.timeline, now), now)
    promise = counting(rules, case.urgent, case.live[0].department if case.live else None, Term.RESOLVE)
    template = "projects/project.html" if of_project is not None else "case/case.html"
    if structural is not None:
        template = "structural/structural.html"
    return page(
        request,
        context,
        template,
        area="case",
        viewer=viewer,
        case=case,
        shown=case_shown(context, detail, viewer.actor, now, earlier=earlier),
        service=reader.of(context.city.services[case.service].name) if case.service in context.city.services else "",
        neighbourhood=context.city.neighbourhoods.get(case.neighbourhood),
        source=detail.source,
        texts=sees_texts(viewer.actor),
        department=teller.department,
        left=in_words(reader, time_left(promise, now, case.promised_by)) if case.promised_by else "",
        bars=drawn,
        worked=lambda seconds: seconds_in_words(reader, seconds),
        term=lambda duration: duration_in_words(reader, duration),
        story=teller.lines(detail, with_texts=sees_texts(viewer.actor)),
        report_photos=[p for p in detail.photos if p.note_id is None] if sees_texts(viewer.actor) else [],
        answers=answers_told(context, reader, detail),
        likely=suggestions(context, reader, duplicates(context, detail.item, viewer.actor)) if project is None else (),
        letters=letters,
        recipient=lambda reference: recipient(context, reader, reference),
        links=viewer.role in REVOKING and _with_partner(context, case),
        adopter=_adopter(detail) if sees_reporter(viewer.actor, case) else None,
        now=now,
        done=done(request, reader),
        merging=next((one for one in offered if one.command == "merge_into" and one.refused is None), None),
        uuid=uuid4,
        acts=offered,
        project=of_project,
        promised=detail.promised_in,
        structural=structural,
        part_of=detail.part_of,
        part_of_seen=whole_seen,
        spot=_spot(context, detail),
    )


def _adopter(detail: CaseDetail) -> Contact | None:
    """Who has taken it on, for those who must speak with them."""
    offer = detail.case.offer
    return next((f for f in detail.followers if offer is not None and f.id == offer.adopter), None)


def _with_partner(context: WebContext, case: Case) -> bool:
    known = (context.city.departments.get(a.department) for a in case.assignments)
    return any(department.partner for department in known if department is not None)


def _spot(context: WebContext, detail: CaseDetail) -> Spot | None:
    """Around the reported point, or around the middle of the neighbourhood; None where no map shows either."""
    city = map_of(context.places)
    item = detail.item
    area = next((a for a in city.areas if a.id == item.neighbourhood), None)
    if item.lat is not None and item.lon is not None:
        x, y = city.project(item.lat, item.lon)
    elif area is not None:
        x, y = area.x, area.y
    else:
        return None
    view_box = f"{x - AROUND:g} {y - AROUND * 2 / 3:g} {2 * AROUND:g} {AROUND * 4 / 3:g}"
    at = (x, y) if item.lat is not None else (None, None)
    return Spot(view_box, city.areas, *at)
