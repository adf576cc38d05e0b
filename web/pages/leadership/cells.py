"""The cells of rankings, and how their words are put in order."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from domain.measures import Measure
from readmodel.leadership import Part
from web.charts.spread import bar
from web.pages.leadership.measured import Unit, written
from web.pages.leadership.story import Told
from web.pages.leadership.tables import Cell


def ranked(words: Iterable[StrEnum], numbers: Mapping[str, int]) -> list[str]:
    """All of them, the most frequent first."""
    return sorted((word.value for word in words), key=lambda word: -numbers.get(word, 0))


def together(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {word: one.get(word, 0) + other.get(word, 0) for word in {*one, *other}}


def causes_of(part: Part) -> dict[str, int]:
    return together(part.count(Measure.DECLINED).by_word(), part.count(Measure.PAUSED).by_word())


def bar_cell(told: Told, measure: Measure, word: str, number: int, most: int) -> Cell:
    return replace(linked_cell(told, measure, word, number), bar=bar(number, most))


def linked_cell(told: Told, measure: Measure, word: str, number: int) -> Cell:
    period = told.asked.period
    href = told.asked.cases(measure, period.start, period.end, word) if number else None
    return Cell(number, numeral(told, number), href)


def number_cell(told: Told, number: int) -> Cell:
    return Cell(number, numeral(told, number))


def share_cell(told: Told, number: int, total: int) -> Cell:
    share = number / total if total else None
    return Cell(share, percentage(told, share))


def numeral(told: Told, number: float) -> str:
    return written(told.reader, Unit.NUMBER, number)


def percentage(told: Told, share: float | None) -> str:
    return written(told.reader, Unit.SHARE, share)


def csv_of(told: Told, name: str) -> str:
    return told.asked.link("/figures.csv", table=name)
