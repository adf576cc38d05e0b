"""When a report joins another case, those who followed it follow the other; when they part again, they no longer do."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.joining.state import Companion
from domain.words import CaseId
from readmodel.letters import FollowerRole
from readmodel.schema import CASES, FOLLOWERS
from readmodel.silence import SILENCED, carry_over


def join_followers(session: Session, case_id: CaseId, into: CaseId) -> None:
    """Each follower of `case_id` becomes a supporter of `into`; who is one already stays as they are."""
    bring_along(session, case_id, [into])


def bring_along(session: Session, case_id: CaseId, way: Sequence[CaseId]) -> None:
    """Its followers become supporters of the first case of the way, as these of the next, and so on.

    Whoever came from the last one, because it had joined this one, is not brought back there.
    """
    moving = _ids(session, case_id)
    for start, into in zip((case_id, *way), way, strict=False):
        found = select(FOLLOWERS).where(FOLLOWERS.c.case_id == start, FOLLOWERS.c.id.in_(moving))
        home = _came_from(session, into, start)
        followers = [f for f in session.execute(found).mappings() if f["id"] not in home]
        known = _ids(session, into)
        fresh = {f["id"]: {**f, **_elsewhere(f["id"], f["token"], into)} for f in followers}
        fresh = {id: follower for id, follower in fresh.items() if follower["id"] not in known}
        if fresh:
            session.execute(insert(FOLLOWERS), list(fresh.values()))
            carry_over(session, {id: follower["id"] for id, follower in fresh.items()})
        moving = {elsewhere(f["id"], into) for f in followers}


def take_home(session: Session, case_id: CaseId, way: Sequence[CaseId]) -> None:
    """Its followers follow none of the cases any more to which joining these brought them, one after the other."""
    moving = _ids(session, case_id)
    for place in way:
        moving = {elsewhere(id, place) for id in moving}
        session.execute(delete(FOLLOWERS).where(FOLLOWERS.c.case_id == place, FOLLOWERS.c.id.in_(moving)))


def everywhere(session: Session, case_id: CaseId) -> set[str]:
    """Its followers, here and wherever joining brought them."""
    found = moving = _ids(session, case_id)
    for place in way_from(session, case_id)[1:]:
        moving = {elsewhere(id, place) for id in moving}
        found = found | moving
    return found


def way_from(session: Session, case_id: CaseId) -> list[CaseId]:
    """The case, the one that it joined, the one that that joined, and so on; each once."""
    way: list[CaseId] = []
    at: str | None = case_id
    while at is not None and at not in way:
        way.append(CaseId(at))
        at = session.scalar(select(CASES.c.merged_into).where(CASES.c.case_id == at))
    return way


def company(session: Session, case: Case, way: Sequence[CaseId]) -> tuple[Companion, ...]:
    """The case and all that joined it before, as they come to the last case of the way."""
    reachable = set(
        session.scalars(
            select(FOLLOWERS.c.id)
            .outerjoin(SILENCED, SILENCED.c.follower == FOLLOWERS.c.id)
            .where(FOLLOWERS.c.case_id == case.case_id, FOLLOWERS.c.email.is_not(None), SILENCED.c.follower.is_(None))
            .order_by(FOLLOWERS.c.joined_at, FOLLOWERS.c.id)
        )
    )
    brought = {id for companion in case.companions for id in companion.asked}
    own = case.supporters - sum(companion.supporters for companion in case.companions) + (not case.withdrawn)
    everyone = (Companion(case.case_id, own, tuple(sorted(reachable - brought))), *case.companions)
    return tuple(
        Companion(one.case_id, one.supporters, tuple(_after(id, way) for id in one.asked if id in reachable))
        for one in everyone
        if one.case_id not in way
    )


def elsewhere(id: str, into: CaseId) -> str:
    """Who this follower is in the other case: always the same."""
    return str(uuid5(NAMESPACE_URL, f"aanjager:{id}:{into}"))


def token_elsewhere(token: str, into: CaseId) -> str:
    """Another link for each case, as secret as the one it is made from."""
    return hashlib.sha256(f"{token}:{into}".encode()).hexdigest()[:22]


def _after(id: str, way: Iterable[CaseId]) -> str:
    for into in way:
        id = elsewhere(id, into)
    return id


def _ids(session: Session, case_id: CaseId) -> set[str]:
    return set(session.scalars(select(FOLLOWERS.c.id).where(FOLLOWERS.c.case_id == case_id)))


def _came_from(session: Session, origin: CaseId, at: CaseId) -> set[str]:
    """Who the followers of `origin` are in `at`, where joining brought them there."""
    ids = _ids(session, origin)
    way = way_from(session, origin)[1:]
    way = way[: way.index(at) + 1] if at in way else [at]
    return {_after(id, way) for id in ids}


def _elsewhere(id: str, token: str, into: CaseId) -> dict[str, str]:
    return {
        "id": elsewhere(id, into),
        "case_id": into,
        "role": FollowerRole.SUPPORTER.value,
        "token": token_elsewhere(token, into),
    }
