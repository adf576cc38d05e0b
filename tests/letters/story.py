"""Cases that cause a letter of every kind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from domain.actor import Actor
from domain.city import City
from domain.commands import (
    Answer,
    AskResident,
    Close,
    Command,
    Comment,
    Decline,
    Extend,
    GiveFeedback,
    MergeInto,
    ReportProgress,
    Resolve,
)
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents
from domain.inspections.commands import Inspect
from domain.inspections.state import Found
from domain.joining.commands import Split
from domain.projects import commands as p
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    Kind,
    NoteId,
    OfferId,
    Outcome,
    PointId,
    RequestId,
    Role,
    Solved,
    Verdict,
)
from readmodel import outbox
from readmodel.database import reading, writing
from readmodel.followers import followers_of, join
from readmodel.intake import Accepted, Reporter
from readmodel.ledger import Wish
from readmodel.links import Links
from readmodel.new_projects import NewProject
from readmodel.notes import Note, put_notes
from readmodel.origin import new_participant
from readmodel.outbox import Outgoing
from readmodel.setting_aside import set_aside
from tests.readmodel import town
from tests.readmodel.town import (
    DIRECTOR,
    GREEN,
    HEIDE,
    LAMP,
    MEMBER,
    MORNING,
    OTHER,
    RESIDENT,
    ROADS,
    a_report,
    do,
    later,
    open_case,
)

PUBLIC_URL = "https://wijken.town.example"
KEY = b"the city's key"
LINKS = Links(PUBLIC_URL, KEY)
BY_LINK = Actor(Role.PARTNER, "link:1", ROADS)
NAMES = {"nl": "Wegen", "en": "Roads", "fr": "Voirie"}
LAMPS = {"nl": "Straatverlichting", "en": "Street light", "fr": "Éclairage public"}
CITY: City = replace(
    town.CITY,
    name="Genk",
    languages=("nl", "en", "fr"),
    departments={**town.CITY.departments, ROADS: replace(town.CITY.departments[ROADS], name=NAMES)},
    services={**town.CITY.services, LAMP: replace(town.CITY.services[LAMP], name=LAMPS)},
)
WARDEN = Actor(Role.WARDEN, "user:warden", None, (HEIDE,))
TEXTS: Mapping[str, str] = {
    "question": "Which lamp is it?\nLeft or right?",
    "answer": "The left one",
    "progress": "We ordered the part",
    "why": "The part has to come from Japan",
    "news": "The part is on its way",
    "done": "We replaced the bulb",
    "verdict": "It is still dark",
    "sorry": "The lamp will be taken away next year",
    "cannot": "Not a road",
    "offer": "Paint the pole in a bright colour",
    "painted": "Six of us painted it",
}
TASK, AGAIN = AssignmentId("a1"), AssignmentId("a2")


def write_letters_of_a_project(engine: Engine) -> Accepted:
    """Two are asked and a resident reacts; the department answers, late."""
    until = MORNING + timedelta(days=10)
    day = (MORNING + timedelta(days=25)).date()
    asked = NewProject(ROADS, (HEIDE,), "Europalaan", "What do we miss?", day, (GREEN,), ("Too dark?", until))
    project = open_case(engine, replace(a_report(), kind=Kind.PROJECT, reporter=Reporter(), by=MEMBER, project=asked))
    follower = new_participant("one", "en", "An Peeters", "an@example.org")
    texts = {"reaction": "Dark at the church", "trees": "Keep the trees", "sum": "People want light", "yes": "We will"}
    with writing(engine) as session:
        join(session, project.case_id, follower, MORNING)
        notes = [
            Note(NoteId(id), project.case_id, text, True, Role.DEPARTMENT, "user:member", MORNING)
            for id, text in texts.items()
        ]
        put_notes(session, notes)
    manager, resident, task = RequestId(AssignmentId("v1")), Actor(Role.RESIDENT, follower.id), AssignmentId("a1")
    do(engine, project, p.React(NoteId("reaction")), resident, later(1), id="react")
    town.let_time_pass(engine, project, until)
    do(engine, project, p.Summarise(NoteId("sum"), (NoteId("sum"),)), DIRECTOR, later(24 * 11), id="summarise")
    do(engine, project, p.Advise(manager, (NoteId("trees"),)), DIRECTOR, later(24 * 12), id="advise")
    town.let_time_pass(engine, project, MORNING + timedelta(days=30))
    for point, verdict in ((PointId("p1"), Verdict.PARTLY), (PointId("p2"), Verdict.FOLLOWED)):
        command = p.AnswerPoint(point, verdict, NoteId("yes"))
        do(engine, project, command, MEMBER, later(24 * 31), id=f"answer-{point}")
    do(engine, project, Resolve(task, NoteId("yes")), MEMBER, later(24 * 32), id="resolve")
    return project


def write_every_letter(engine: Engine) -> dict[tuple[str, str], Outgoing]:
    """By kind and role of the recipient; the first of each."""
    first, place, merged, _, offered = (
        open_case(engine, a_report()),
        open_case(engine, a_report(OTHER)),
        open_case(engine, a_report()),
        open_case(engine, a_report(), later(1)),
        open_case(engine, a_report(), later(2)),
    )
    with writing(engine) as session:
        put_notes(
            session,
            [
                Note(NoteId(id), first.case_id, text, True, Role.DEPARTMENT, "user:member", MORNING)
                for id, text in TEXTS.items()
            ],
        )
    town.let_time_pass(engine, first, MORNING + timedelta(days=7))
    at = 24 * 7
    steps: list[tuple[Command, Actor]] = [
        (AskResident(TASK, NoteId("question")), MEMBER),
        (Answer(NoteId("answer")), RESIDENT),
        (ReportProgress(TASK, NoteId("progress"), MORNING + timedelta(days=20)), BY_LINK),
        (Extend(TASK, MORNING + timedelta(days=40), NoteId("why")), DIRECTOR),
        (Comment(NoteId("news"), public=True), MEMBER),
        (Resolve(TASK, NoteId("done")), MEMBER),
        (Inspect(Found.NOT_DONE, NoteId("progress")), WARDEN),
        (GiveFeedback(Solved.NO, None, NoteId("verdict")), RESIDENT),
        (Decline(AGAIN, Cause.NOT_OURS, NoteId("cannot")), MEMBER),
        (Close(Outcome.DECLINED, NoteId("sorry")), DIRECTOR),
    ]
    for step, (command, by) in enumerate(steps, start=1):
        do(engine, first, command, by, later(at + step), id=f"step-{step}")
    do(engine, merged, MergeInto(CaseId(place.case_id)), DIRECTOR, later(1), id="merge")
    do(engine, merged, Split(NoteId("sorry")), DIRECTOR, later(2), id="split")
    _lives_with_residents(engine, offered)
    letters: dict[tuple[str, str], Outgoing] = {}
    project = write_letters_of_a_project(engine)
    with reading(engine) as session:
        for case in (first, place, merged, offered, project):
            for letter in outbox.of_case(session, case.case_id):
                letters.setdefault((letter.kind.value, letter.recipient.partition(":")[0]), letter)
    return letters


def _lives_with_residents(engine: Engine, offered: Accepted) -> None:
    """Offered when there is too little money, then taken on and handed back; offered again, and accounted for."""
    with reading(engine) as session:
        [reporter] = followers_of(session, offered.case_id)
    adopter, adopts = Actor(Role.RESIDENT, reporter.id), Adopt()
    do(engine, offered, OfferToResidents(150_00, NoteId("offer")), DIRECTOR, later(3), id="offer")
    wish = Wish(offered.case_id, OfferId("o1"), HEIDE, 2026, 1_000_000, "adopt")
    with writing(engine) as session:
        assert not set_aside(session, CITY, wish, later(4))
    do(engine, offered, adopts, adopter, later(5), id="adopt")
    town.let_time_pass(engine, offered, later(5) + timedelta(days=14, hours=13))
    do(engine, offered, HandBack(), adopter, later(24 * 14 + 20), id="hand-back")
    do(engine, offered, OfferToResidents(150_00, NoteId("offer")), DIRECTOR, later(24 * 15), id="offer-again")
    do(engine, offered, adopts, adopter, later(24 * 15 + 1), id="adopt-again")
    do(engine, offered, Account(120_50, NoteId("painted")), adopter, later(24 * 15 + 2), id="account")
