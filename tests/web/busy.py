"""A town in which a little of everything is going on, and the names by which it is asked for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.words import CaseId
from readmodel.database import reading, writing
from readmodel.documents import NewDocument, documents_of, put_documents
from readmodel.photos import Picture, photos_of, put_photos
from readmodel.structural.hot_spots import Found, hot_spots_of, keep_found
from tests.readmodel.town import HEIDE
from tests.readmodel.town import MEMBER as SOMEONE
from tests.web.people import GARDENER, MANAGER, MEMBER
from tests.web.projects import ROUND, refer
from tests.web.town import Town
from web.documents import PDF

Names = Mapping[str, Sequence[Any]]


def busy(town: Town) -> Names:
    """What there is, by the name of the parameter that asks for it."""
    reports = [town.report(service=service) for service in ("lamp", "tree", "other", *("lamp",) * 6)]
    issue, tree, _, resolved, closed, offered, asked, merged, found = (str(one["case_id"]) for one in reports)
    town.does(tree, GARDENER, "accept", assignment="a1", note="Tomorrow")
    town.does(resolved, MEMBER, "resolve", assignment="a1", note="Replaced")
    town.does(closed, MANAGER, "close", outcome="explained", note="It is off on purpose")
    town.does(offered, MANAGER, "offer_to_residents", amount=100, note="Plant the beds")
    town.does(asked, MEMBER, "ask_resident", assignment="a1", question="Where is it?")
    town.does(merged, MANAGER, "merge_into", case_id=issue)
    project = refer(town, participation=ROUND)
    reacted = _made(town, f"/projects/{project['number']}/reactions", {"text": "Trees"}, None)
    wanted = {"neighbourhood": HEIDE, "service": "lamp", "title": "Dark", "description": "Again", "cases": [issue]}
    structural = _made(town, "/structural", wanted, MANAGER)
    when = {"starts_at": "2026-03-20T10:00:00+01:00", "place": "Hall", "every_weeks": 2}
    meeting = _made(town, "/neighbourhoods/heide/meetings", when, MANAGER)
    case_id, day = CaseId(project["case_id"]), date(2026, 3, 2)
    with writing(town.context.database) as session:
        put_documents(session, case_id, [NewDocument("plan.pdf", PDF, b"%PDF-1")], SOMEONE, town.clock())
        put_photos(session, CaseId(issue), [Picture(b"large", b"small", 8, 6)], SOMEONE, town.clock())
        keep_found(
            session, [Found("theme-lamp", HEIDE, 50.5, 5.2, 150.0, day, day, 0.4, 0.002, (CaseId(found),))], 10, day,
            town.clock(),
        )  # fmt: skip
    with reading(town.context.database) as session:
        documents, photos = documents_of(session, case_id), photos_of(session, CaseId(issue))
        spots = hot_spots_of(session)
    return {
        "case_id": [*(one["case_id"] for one in reports), case_id, structural["case_id"]],
        "token": [*(one["token"] for one in reports), reacted["token"]],
        "project": [case_id, project["number"]],
        "meeting": [meeting["meeting"]],
        "neighbourhood": ["heide", "dorp"],
        "document_id": [one.id for one in documents],
        "photo_id": [one.photo_id for one in photos],
        "hot_spot": [one.id for one in spots],
    }


def _made(town: Town, path: str, body: Mapping[str, Any], by: Any) -> dict[str, Any]:
    answer = town.post(path, body, by)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told
