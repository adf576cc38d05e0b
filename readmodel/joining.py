"""When a report joins another case, those who followed it follow the other."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.words import CaseId
from readmodel.letters import FollowerRole
from readmodel.schema import FOLLOWERS
from readmodel.silence import carry_over


def join_followers(session: Session, case_id: CaseId, into: CaseId) -> None:
    """Each follower of `case_id` becomes a supporter of `into`; who is one already stays as they are."""
    known = set(session.scalars(select(FOLLOWERS.c.id).where(FOLLOWERS.c.case_id == into)))
    joining = {
        follower["id"]: {
            **follower,
            "id": str(uuid5(NAMESPACE_URL, f"aanjager:{follower['id']}:{into}")),
            "case_id": into,
            "role": FollowerRole.SUPPORTER.value,
            "token": _token(follower["token"], into),
        }
        for follower in session.execute(select(FOLLOWERS).where(FOLLOWERS.c.case_id == case_id)).mappings()
    }
    fresh = {id: follower for id, follower in joining.items() if follower["id"] not in known}
    if fresh:
        session.execute(insert(FOLLOWERS), list(fresh.values()))
        carry_over(session, {id: follower["id"] for id, follower in fresh.items()})


def _token(token: str, into: CaseId) -> str:
    """As secret as the link it is made from, and another for each case."""
    return hashlib.sha256(f"{token}:{into}".encode()).hexdigest()[:22]
