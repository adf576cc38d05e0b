"""Stories that the domain told once, told again as rows of other cases: other ids, times, places and words."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aanjager.demo.year import Told
from domain.case import Case
from domain.city import City
from domain.events import CaseOpened
from readmodel.database import connect, reading, writing
from readmodel.intake import keep_rules
from readmodel.letters import FollowerRole, LetterStatus
from readmodel.notes import put_notes
from readmodel.origin import NewFollower, Origin
from readmodel.recording import record_many
from readmodel.rows import NO_PROMISE
from readmodel.schema import CASES, LETTERS, METADATA
from readmodel.words import place_of, words_of

Recorded = dict[str, list[dict[str, Any]]]
"""What is recorded of one case, by table."""
Row = tuple[object, ...]
Pick = Callable[[Sequence[object]], Row]

NOT_TOLD = ("idempotency_keys", "letters", "action_links")
"""Of the closed cases these are left out."""
_PLACES = re.compile(
    r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"
    r"|(?P<number>2000-\d{6})"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What makes a case differ from the others that are told after the same story."""

    case_id: str
    number: str
    position: int
    """Of the first event in the city."""
    shift: timedelta
    description: str
    address: str


class Story:
    """The rows of one case with places to fill in, by table."""

    def __init__(self, told: Told, recorded: Recorded) -> None:
        self.opened_at = told.case.opened_at
        self.ended_at = told.story.events[-1].at
        self.address = told.setting.neighbourhood.name
        self.description = told.setting.description
        self._case_id = told.case.case_id
        self._constants: list[object] = []
        self._ids: list[str] = []
        self._times: list[datetime] = []
        self._days: list[date] = []
        self._texts: list[tuple[str, list[tuple[str, int]]]] = []
        self.events = len(told.story.events)
        self._first = min(row["position"] for row in recorded["events"])
        kinds: dict[str, list[list[tuple[str, int]]]] = {}
        self.columns: dict[str, tuple[str, ...]] = {}
        for table, rows in recorded.items():
            for row in rows:
                self.columns.setdefault(table, tuple(row))
                kinds.setdefault(table, []).append([self._place(table, name, value) for name, value in row.items()])
        offsets = self._offsets()
        self._formats = [(text, _pick(offsets[k] + i for k, i in places)) for text, places in self._texts]
        self._picks = {t: [_pick(offsets[k] + i for k, i in row) for row in rows] for t, rows in kinds.items()}

    def tell(self, telling: Telling) -> dict[str, list[Row]]:
        """The rows by table, in the order of `columns`."""
        id, shift = telling.case_id, telling.shift
        times = [time + shift for time in self._times]
        days = round(shift / timedelta(days=1))
        values: list[object] = [
            id,
            telling.number,
            telling.description,
            telling.address,
            id.replace("-", ""),
            " ".join(words_of(telling.description, telling.address)),
            place_of(id, self.opened_at + shift),
            *range(telling.position, telling.position + self.events),
            *self._constants,
            *(f"{id[:-3]}{n:03x}" for n in range(len(self._ids))),
            *(f"{time.isoformat()}Z" for time in times),
            *(time.isoformat(" ", "microseconds") for time in times),
            *((day + timedelta(days=days)).isoformat() for day in self._days),
        ]
        values += [text % pick(values) for text, pick in self._formats]
        return {table: [pick(values) for pick in picks] for table, picks in self._picks.items()}

    def _offsets(self) -> Mapping[str, int]:
        lengths = {
            "own": 7,
            "position": self.events,
            "constant": len(self._constants),
            "id": len(self._ids),
            "time": len(self._times),
            "stored": len(self._times),
            "day": len(self._days),
            "text": len(self._texts),
        }
        found, at = {}, 0
        for kind, length in lengths.items():
            found[kind] = at
            at += length
        return found

    def _place(self, table: str, column: str, value: Any) -> tuple[str, int]:
        match (table, column):
            case ("reports", "description"):
                return "own", 2
            case ("reports", "address"):
                return "own", 3
            case ("followers", "token"):
                return "own", 4
            case ("case_words", "words"):
                return "own", 5
            case ("case_words", "place"):
                return "own", 6
            case ("events", "position"):
                return "position", value - self._first
        match value:
            case datetime():
                plain = value.astimezone(UTC).replace(tzinfo=None)
                if value.year == NO_PROMISE.year:
                    return self._constant(plain.isoformat(" ", "microseconds"))
                return "stored", _at(self._times, plain)
            case date():
                return "day", _at(self._days, value)
            case bool():
                return self._constant(int(value))
            case list() | dict():
                return self._text(json.dumps(value))
            case str():
                return self._text(value)
        return self._constant(value)

    def _text(self, text: str) -> tuple[str, int]:
        places: list[tuple[str, int]] = []
        parts: list[str] = []
        end = 0
        for found in _PLACES.finditer(text):
            parts += text[end : found.start()].replace("%", "%%"), "%s"
            end = found.end()
            match found.lastgroup:
                case "id":
                    same = found[0] == self._case_id
                    places.append(("own", 0) if same else ("id", _at(self._ids, found[0])))
                case "number":
                    places.append(("own", 1))
                case _:
                    time = datetime.fromisoformat(found[0]).replace(tzinfo=None)
                    places.append(("time", _at(self._times, time)))
        if not places:
            return self._constant(text)
        if len(places) == 1 and parts == ["", "%s"] and end == len(text):
            return places[0]
        parts.append(text[end:].replace("%", "%%"))
        self._texts.append(("".join(parts), places))
        return "text", len(self._texts) - 1

    def _constant(self, value: object) -> tuple[str, int]:
        self._constants.append(value)
        return "constant", len(self._constants) - 1


def invented_words(rng: Random, number: int) -> list[str]:
    """Words of a language of their own, each different."""
    sounds = [c + v for c in "bdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "aa", "ee", "ij", "oe")]
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(rng.choices(sounds, k=rng.choice((2, 2, 3, 3, 4)))) + rng.choice(("", "n", "r", "t", "k"))] = None
    return list(found)


def _at(known: list[Any], value: Any) -> int:
    if value not in known:
        known.append(value)
    return known.index(value)


def _pick(places: Iterable[int]) -> Pick:
    """As itemgetter, but always a tuple."""
    wanted = tuple(places)
    if len(wanted) == 1:
        [only] = wanted
        return lambda values: (values[only],)
    return itemgetter(*wanted)


def recorded(city: City, told: Sequence[Told]) -> Iterator[tuple[Told, Recorded]]:
    """What the product itself records of these stories, in a database of its own."""
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/stories.db")
        METADATA.create_all(engine)
        with writing(engine) as session:
            for n, one in enumerate(told):
                first, *others = one.story.events
                assert isinstance(first.event, CaseOpened)
                events = [replace(first, event=replace(first.event, number=f"2000-{n:06d}")), *others]
                keep_rules(session, one.setting.rules)
                record_many(session, city, [(_origin(one), events)])
                put_notes(session, one.story.notes)
            started = {"workflow_started_at": CASES.c.accepted_at}
            session.execute(update(CASES).values(started))
            session.execute(update(LETTERS).values(status=LetterStatus.SENT.value, sent_at=LETTERS.c.created_at))
        with reading(engine) as session:
            for one in told:
                yield one, _rows_of(session, one.case)
        engine.dispose()


def _rows_of(session: Session, case: Case) -> Recorded:
    found: Recorded = {}
    for table in METADATA.sorted_tables:
        if "case_id" not in table.c or (case.closed and table.name in NOT_TOLD):
            continue
        rows = session.execute(select(table).where(table.c.case_id == case.case_id)).mappings().all()
        told = [{k: v for k, v in row.items() if not (k == "id" and isinstance(v, int))} for row in rows]
        if told:
            found[table.name] = told
    return found


def _origin(told: Told) -> Origin:
    lat, lon = told.setting.point or (None, None)
    who = told.setting.reporter
    id = str(uuid5(NAMESPACE_OID, told.case.case_id))
    reporter = NewFollower(id, FollowerRole.REPORTER, id, who.name, who.email, who.phone, who.language)
    return Origin(told.setting.description, told.case.opened_at, told.setting.address, lat, lon, followers=(reporter,))
