"""What needs an administrator's attention."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.words import Role
from readmodel.accounts import list_tokens
from readmodel.database import reading
from readmodel.letters import LetterStatus
from readmodel.schema import CASES, LETTERS
from readmodel.staff import Member, list_staff
from readmodel.webhook_overview import switched_off
from web.context import Context, WebContext
from web.pages.admin.frame import Administrator, admin_page

router = APIRouter(include_in_schema=False, prefix="/admin")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to look at, and where; `count` is 0 where all is well."""

    name: str
    count: int
    href: str
    grave: bool = False


@router.get("")
def overview(request: Request, context: Context, viewer: Administrator) -> Response:
    now = context.now()
    with reading(context.database) as session:
        staff = [m for m in list_staff(session, now) if not m.demonstration]
        tokens = [token for token in list_tokens(session) if token.revoked_at is None]
        matters = _matters(session, context, staff)
    active = [member for member in staff if member.disabled_at is None]
    return admin_page(
        request,
        context,
        "admin/overview.html",
        viewer,
        matters=[matter for matter in matters if matter.count],
        members=len(active),
        administrators=sum(m.user.mandate.role is Role.ADMINISTRATOR for m in active),
        tokens=len(tokens),
        settings=context.settings,
    )


def _matters(session: Session, context: WebContext, staff: list[Member]) -> list[Matter]:
    letters: dict[str, int] = dict(
        session.execute(
            select(LETTERS.c.status, func.count())
            .where(LETTERS.c.status.in_((LetterStatus.FAILED.value, LetterStatus.UNCERTAIN.value)))
            .group_by(LETTERS.c.status)
        ).all()
    )
    not_started = (CASES.c.workflow_started_at.is_(None), CASES.c.closed_at.is_(None))
    waiting = session.scalar(select(func.count()).select_from(CASES).where(*not_started))
    active = [member for member in staff if member.disabled_at is None]
    city = context.city
    heads = {m.user.mandate.department for m in active if m.user.mandate.role is Role.DEPARTMENT_HEAD}
    inside = [department.id for department in city.departments.values() if not department.partner]
    return [
        Matter("letters_failed", letters.get(LetterStatus.FAILED.value, 0), "/admin/letters", grave=True),
        Matter("letters_uncertain", letters.get(LetterStatus.UNCERTAIN.value, 0), "/admin/letters"),
        Matter("webhooks_off", switched_off(session), "/admin/webhooks", grave=True),
        Matter("cases_waiting", waiting or 0, "/readyz", grave=True),
        Matter("reach_nothing", sum(_lost(member, context) for member in active), "/admin/users", grave=True),
        Matter("never_signed_in", sum(member.signed_in_at is None for member in active), "/admin/users?who=never"),
        Matter("no_way_in", sum(_no_way_in(member, context) for member in active), "/admin/users?who=shut"),
        Matter("departments_without_head", sum(id not in heads for id in inside), "/admin/users"),
        Matter("holidays_end", int(_known_until(context) <= context.local(context.now()).year), "/admin/calendar"),
    ]


def _no_way_in(member: Member, context: WebContext) -> bool:
    """Neither a password, nor single sign-on that could let them in."""
    return not member.user.has_password and not context.settings.oidc


def _lost(member: Member, context: WebContext) -> bool:
    """A mandate over what the city's files no longer know."""
    city, mandate = context.city, member.user.mandate
    return (mandate.department is not None and mandate.department not in city.departments) or any(
        id not in city.neighbourhoods for id in mandate.neighbourhoods
    )


def _known_until(context: WebContext) -> int:
    """The last year with days off; far ahead for a city that keeps none."""
    closed = context.city.hours.closed
    return closed[-1].year if closed else 9999
