"""What there is to look at in a city: a case with a story, the link in a letter, a letter."""

from datetime import timedelta

from sqlalchemy import exists, func, insert, select

from domain.teams.course import MeetingState
from domain.words import AssignmentState, CaseId, Kind, Stage
from readmodel.action_links import LASTS, LINKS, link_id
from readmodel.database import reading, writing
from readmodel.letters import FollowerRole
from readmodel.meeting_course import begin
from readmodel.meetings import coming
from readmodel.offers import ADOPTED, OPEN
from readmodel.projects_list import rounds
from readmodel.schema import ASSIGNMENTS, CASES, EVENT_LOG, FOLLOWERS, LETTERS, OFFERS, RESERVATIONS
from readmodel.structural.hot_spots import HotSpotState, hot_spots_of
from tests.browser.serving import Served
from web.links import links_of


def case_with_a_story(city: Served) -> CaseId:
    """An open one in which much happened, and whose clock was stopped if there is such a one."""
    paused = exists().where(EVENT_LOG.c.case_id == CASES.c.case_id, EVENT_LOG.c.kind == "assignment_paused")
    under_way = CASES.c.stage.in_([Stage.IN_PROGRESS, Stage.WAITING, Stage.TRIAGE])
    query = (
        select(CASES.c.case_id)
        .where(under_way, CASES.c.neighbourhood.in_(city.managed()))
        .order_by(paused.desc(), CASES.c.version.desc(), CASES.c.case_id)
    )
    with reading(city.database) as session:
        return CaseId(session.execute(query).scalars().first() or "")


def report_under_way(city: Served) -> str:
    """The page by which its reporter follows it."""
    return _followed(city, Stage.IN_PROGRESS)


def report_said_to_be_solved(city: Served) -> str:
    """The page by which its reporter follows it, and is asked whether it is."""
    return _followed(city, Stage.RESOLVED)


def open_offer(city: Served) -> str:
    """The page of something that residents may take on, with money if there is such a one."""
    query = select(CASES.c.number).join(OFFERS, OFFERS.c.case_id == CASES.c.case_id).where(OFFERS.c.state == OPEN)
    with reading(city.database) as session:
        return f"/offers/{session.execute(query.order_by(OFFERS.c.amount.desc(), CASES.c.number)).scalars().first()}"


def taken_on(city: Served) -> str:
    """The page of whoever has taken something on."""
    query = select(FOLLOWERS.c.token).join(OFFERS, OFFERS.c.case_id == FOLLOWERS.c.case_id)
    at_it = query.where(OFFERS.c.state == ADOPTED, FOLLOWERS.c.role == FollowerRole.REPORTER.value)
    with reading(city.database) as session:
        token = session.execute(at_it.order_by(OFFERS.c.amount.desc(), FOLLOWERS.c.case_id)).scalars().first()
    return f"/follow/{token}"


def budget_in_use(city: Served) -> str:
    """A neighbourhood of the manager of whose budget something is reserved or spent this year."""
    query = select(RESERVATIONS.c.neighbourhood).where(RESERVATIONS.c.neighbourhood.in_(city.managed()))
    latest = RESERVATIONS.c.year.desc(), RESERVATIONS.c.amount.desc(), RESERVATIONS.c.case_id
    with reading(city.database) as session:
        return session.execute(query.order_by(*latest)).scalars().first() or city.managed()[0]


def partner_task(city: Served) -> str:
    """The link to a partner's task that is under way, so that most answers are possible."""
    with writing(city.database) as session:
        partners = [d.id for d in city.context.city.departments.values() if d.partner]
        query = (
            select(ASSIGNMENTS.c.case_id, ASSIGNMENTS.c.assignment, ASSIGNMENTS.c.department)
            .join(CASES, CASES.c.case_id == ASSIGNMENTS.c.case_id)
            .where(ASSIGNMENTS.c.department.in_(partners), CASES.c.closed_at.is_(None))
            .where(ASSIGNMENTS.c.state.in_([AssignmentState.IN_PROGRESS, AssignmentState.ASSIGNED]))
            .order_by(ASSIGNMENTS.c.state.desc(), ASSIGNMENTS.c.case_id)
        )
        found = session.execute(query).first()
        assert found is not None
        id = link_id(found.case_id, 10_000, "assigned", f"department:{found.department}")
        if session.scalar(select(LINKS.c.id).where(LINKS.c.id == id)) is None:
            now = city.context.now()
            row = {
                **found._mapping,
                "id": id,
                "seq": 10_000,
                "kind": "assigned",
                "recipient": f"department:{found.department}",
                "made_at": now - timedelta(days=1),
                "expires_at": now + LASTS,
            }
            session.execute(insert(LINKS), [row])
    return links_of(city.context).task(id)


def open_round(city: Served) -> str:
    """The page on which residents react to a plan."""
    with reading(city.database) as session:
        found = rounds(session, 100, under_way=True)
    return next(f"/take-part/{one.case.number}" for one in found if one.participation.open)


def answered_project(city: Served) -> CaseId:
    """One that residents reacted to, and that was answered."""
    with reading(city.database) as session:
        return next(one.case.case_id for one in rounds(session, 100) if one.case.closed)


def letter(city: Served) -> str:
    """The number of a letter that asks whether it is solved."""
    with reading(city.database) as session:
        return str(session.scalar(select(func.max(LETTERS.c.id)).where(LETTERS.c.kind == "resolved")))


def _followed(city: Served, stage: Stage) -> str:
    """Of those in the street one whose promise holds, with a short story, in English: as far as there are such."""
    late, long = CASES.c.promised_by < city.context.now(), CASES.c.version > 7
    query = (
        select(FOLLOWERS.c.token)
        .join(CASES, (CASES.c.case_id == FOLLOWERS.c.case_id) & (FOLLOWERS.c.role == FollowerRole.REPORTER))
        .where(CASES.c.stage == stage, CASES.c.theme.in_(["cleanliness", "greenery"]))
        .order_by(late, long, FOLLOWERS.c.language != "en", CASES.c.version.desc(), CASES.c.case_id)
    )
    with reading(city.database) as session:
        return f"/follow/{session.execute(query).scalars().first()}"


def hot_spots(city: Served) -> str:
    """Where something goes wrong of late, if there is such a place."""
    with reading(city.database) as session:
        found = [one.found.neighbourhood for one in hot_spots_of(session, state=HotSpotState.OPEN)]
    there = found[0] if found else city.managed()[0]
    return f"/neighbourhoods/{there}/hot-spots"


def structural_case(city: Served) -> str:
    """One under way, with issues, a plan and a review."""
    of_kind = (CASES.c.kind == Kind.STRUCTURAL.value, CASES.c.closed_at.is_(None))
    with reading(city.database) as session:
        return str(session.execute(select(CASES.c.case_id).where(*of_kind)).scalars().first())


def team(city: Served) -> str:
    """The page of the neighbourhood team that meets."""
    return _meeting(city).rpartition("/")[0]


def meeting(city: Served) -> str:
    """Its meeting that is going on."""
    return _meeting(city)


def _meeting(city: Served) -> str:
    """The one to come, begun."""
    with writing(city.database) as session:
        found = next(m for place in city.managed() for m in coming(session, place))
        if found.state is MeetingState.PLANNED:
            begin(session, city.context.city, found, city.context.now())
    return f"/neighbourhoods/{found.neighbourhood}/team/{found.meeting_id}"
