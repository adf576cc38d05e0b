"""The cases that are worth a look in the field, within someone's sight."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.city import City
from domain.inspections.worth import NOT_BEGUN, Look, worth_a_look
from domain.words import CaseId, Kind, Stage
from readmodel.agendas import private_services
from readmodel.cases import CaseItem, case_item, items
from readmodel.codec import case_from_json
from readmodel.photos import PhotoId, report_photos
from readmodel.schema import CASES, PHOTOS
from readmodel.sight import Sight, within

LOOKED_AT = 300
"""Of more cases that may be worth it, those that are promised soonest."""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A case, and why it is worth a look."""

    case: CaseItem
    look: Look
    photo: PhotoId | None
    """The first that came with the report."""


def to_look_at(session: Session, city: City, now: datetime, sight: Sight) -> list[ToLookAt]:
    """Nearest due first; what is about people is not for the street.

    Those that may be worth it are found by their rows; whether they are is for the rules.
    """
    illustrated = select(PHOTOS.c.case_id).where(PHOTOS.c.case_id == CASES.c.case_id, PHOTOS.c.note_id.is_(None))
    may_be = or_(
        CASES.c.stage == Stage.RESOLVED.value,
        CASES.c.due < now,
        CASES.c.escalation_level > 0,
        and_(CASES.c.stage.in_([stage.value for stage in NOT_BEGUN]), ~illustrated.exists()),
    )
    open_ones = (
        CASES.c.closed_at.is_(None),
        CASES.c.kind == Kind.ISSUE.value,
        CASES.c.service.not_in(private_services(city)),
        may_be,
    )
    query = items().add_columns(CASES.c.state).where(*within(session, sight, CASES), *open_ones)
    rows = session.execute(query.order_by(CASES.c.due, CASES.c.case_id).limit(LOOKED_AT)).all()
    photos = report_photos(session, {CaseId(row.case_id) for row in rows})
    found = []
    for row in rows:
        photo = photos.get(CaseId(row.case_id))
        look = worth_a_look(case_from_json(row.state), now, photo=photo is not None)
        if look is not None:
            found.append(ToLookAt(case_item(row), look, photo))
    return sorted(found, key=lambda one: (one.look.due, one.case.case_id))
