"""Forgetting who was concerned: a case's personal data goes, what the city did stays."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.words import CaseId
from readmodel.documents import erase_documents
from readmodel.joining import everywhere
from readmodel.photos import erase_photos
from readmodel.schema import AGENDA_ITEMS, CASES, DECISIONS, FOLLOWERS, LETTERS, NOTES, REPORTERS, REPORTS
from readmodel.words import forget_words

ERASED = ""


def erase(session: Session, case_id: CaseId) -> bool:
    """Whether there was such a case; repeating it changes nothing.

    Contacts (in cases that it joined as well), what its reporter was recognised by, description, address, exact place,
    free texts, photos, documents and what letters said go. Events, terms and figures stay: they hold no personal data.
    The secret links keep working, as they show the case's course only.
    """
    connection = session.connection()
    place = {"lat": None, "lon": None}
    found = connection.execute(update(CASES).where(CASES.c.case_id == case_id).values(place).returning(CASES.c.case_id))
    if found.first() is None:
        return False
    nobody = {"name": None, "email": None, "phone": None}
    connection.execute(update(FOLLOWERS).where(FOLLOWERS.c.id.in_(everywhere(session, case_id))).values(nobody))
    connection.execute(delete(REPORTERS).where(REPORTERS.c.case_id == case_id))
    blank = {"description": ERASED, "address": None, "answers": None, "media_url": None}
    connection.execute(update(REPORTS).where(REPORTS.c.case_id == case_id).values(blank))
    forget_words(connection, case_id)
    connection.execute(update(NOTES).where(NOTES.c.case_id == case_id).values(text=ERASED))
    connection.execute(update(DECISIONS).where(DECISIONS.c.case_id == case_id).values(text=ERASED))
    connection.execute(update(AGENDA_ITEMS).where(AGENDA_ITEMS.c.case_id == case_id).values(note=None))
    erase_photos(session, case_id)
    erase_documents(session, case_id)
    connection.execute(update(LETTERS).where(LETTERS.c.case_id == case_id).values(facts={}, error=None))
    return True
