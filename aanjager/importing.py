"""Brings in referrals from another system's CSV: open ones become live cases, closed ones history for the figures."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from aanjager.mapping import ImportMapping, places_of_columns
from aanjager.referrals import Reader, Referral, Rejected
from aanjager.taking import Imported, Take
from configuration.places import Places
from domain.city import City
from readmodel.settling import settle

BATCH = 500
_LONGEST_FIELD = 10_000_000


class ImportFailed(Exception):
    """The file cannot be read as a CSV; nothing after that place was taken."""


def rejected_path(file: Path) -> Path:
    """Where the rejected rows of a file go."""
    return file.with_name(f"{file.name}.rejected.csv")


def import_file(
    engine: Engine,
    city: City,
    places: Places,
    file: Path,
    mapping: ImportMapping,
    *,
    now: datetime,
    map_file: str = "mapping",
    open_only: bool = False,
    progress: Callable[[int], None] = lambda position: None,
) -> Imported:
    """Takes every row that can be taken; the others go, as they were and with a `reason`, to `rejected_path(file)`.

    Idempotent, in bounded memory; `progress` is told how many bytes of the file have been read. Live cases
    await the intake round, which starts their workflows. Raises MappingMistakes, ImportFailed, OSError.
    """
    done = Imported()
    rejected_path(file).unlink(missing_ok=True)
    with ExitStack() as stack:
        raw = stack.enter_context(file.open("rb"))
        text = TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
        lines = _lines(text, file)
        header = next(lines, None)
        if header is None:
            raise ImportFailed(f"{file.name} is empty")
        columns = places_of_columns(mapping, file.name, header, map_file)
        reader = Reader(city, places, mapping, columns, len(header), now)
        aside = _Aside(stack, file, header, done)
        take = Take(engine, city, mapping, now, done)
        seen = stack.enter_context(closing(_Seen()))
        batch: list[Referral] = []
        for row in lines:
            if not row:
                continue
            done.rows += 1
            try:
                referral = reader.referral(row)
                if not seen.first(referral.source_ref):
                    raise Rejected(f"the file has {mapping.columns.source_ref} {referral.source_ref} more than once")
            except Rejected as reason:
                aside.put(row, str(reason))
                continue
            if open_only and referral.closed_at is not None:
                done.skipped += 1
                continue
            batch.append(referral)
            if len(batch) == BATCH:
                take.batch(batch)
                batch = []
                progress(raw.tell())
        take.batch(batch)
        progress(raw.tell())
    settle(engine)
    return done


def _lines(text: TextIOWrapper, file: Path) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    heard: list[str] = []
    lines = csv.reader(_noting(text, heard))
    began = 1
    try:
        for row in lines:
            if len(heard) > 1 and _is_cut_off(heard):
                raise ImportFailed(f"{file.name}: line {began}: has a quotation mark that is never closed")
            yield row
            heard.clear()
            began = lines.line_num + 1
    except csv.Error as error:
        raise ImportFailed(f"{file.name}: line {lines.line_num}: is not CSV: {error}") from None


def _noting(text: TextIOWrapper, heard: list[str]) -> Iterator[str]:
    for line in text:
        heard.append(line)
        yield line


def _is_cut_off(row: list[str]) -> bool:
    """Whether the file ended within a quoted field, which so swallowed all that follows its quotation mark."""
    try:
        list(csv.reader(row, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


class _Seen:
    """The references that the file had so far; on disk, for a file may be larger than memory."""

    def __init__(self) -> None:
        self._references = sqlite3.connect("")
        self._references.execute("CREATE TABLE seen (reference TEXT PRIMARY KEY) WITHOUT ROWID")

    def first(self, reference: str) -> bool:
        """Whether it was not there before."""
        return self._references.execute("INSERT OR IGNORE INTO seen VALUES (?)", (reference,)).rowcount == 1

    def close(self) -> None:
        self._references.close()


class _Aside:
    """The file of rejected rows, made for the first of them."""

    def __init__(self, stack: ExitStack, file: Path, header: list[str], done: Imported) -> None:
        self._stack = stack
        self._path = rejected_path(file)
        self._header = header
        self._done = done
        self._write: Callable[[list[str]], Any] | None = None

    def put(self, row: list[str], reason: str) -> None:
        if self._write is None:
            aside = self._path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
            self._write = csv.writer(self._stack.enter_context(aside)).writerow
            self._write([*self._header, "reason"])
            self._done.rejected_file = self._path
        missing = [""] * (len(self._header) - len(row))
        self._write([*row, *missing, reason])
        self._done.rejected += 1
