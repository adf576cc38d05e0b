"""The charts of how a period is spread: over lead times, reasons, causes, outcomes and answers of residents."""

from collections.abc import Sequence

from domain.measures import Measure
from domain.waiting import CLASSES
from domain.words import Cause, EscalationReason, Outcome, Rung, Solved
from readmodel.leadership import Part
from web.charts.drawing import NARROW, WIDE, Series
from web.charts.spread import Share, bar, histogram, share_bar
from web.pages.leadership.cells import (
    bar_cell,
    causes_of,
    csv_of,
    linked_cell,
    number_cell,
    numeral,
    percentage,
    ranked,
    share_cell,
    together,
)
from web.pages.leadership.measured import Unit, written
from web.pages.leadership.story import Told
from web.pages.leadership.tables import Cell, Chart, Head, Table

_LOOKS = {Solved.YES: "a", Solved.PARTLY: "b", Solved.NO: "c"}
BROAD = ("escalations", "limits")
_RATINGS = ("5", "4", "3", "2", "1")


def spread_charts(told: Told) -> list[Chart]:
    return [_lead_times(told), _outcomes(told), _escalations(told), _limits(told), _satisfaction(told), _ratings(told)]


def class_names() -> list[str]:
    """ "<1", "2–3", ">90"."""
    names = []
    for least, end in CLASSES:
        if end is None:
            names.append(f">{least - 1}")
        elif least == 0:
            names.append(f"<{end}")
        else:
            names.append(str(least) if end - least == 1 else f"{least}–{end - 1}")
    return names


def _lead_times(told: Told) -> Chart:
    now, before = told.now.whole, told.before
    names = class_names()

    def series(name: str, part: Part, look: str) -> Series:
        total = part.figures.closed
        shares = [number / total if total else 0.0 for number in part.lead_times]
        words = [
            f"{numeral(told, number)} ({percentage(told, share)})"
            for number, share in zip(part.lead_times, shares, strict=True)
        ]
        return Series(name, shares, look, words)

    series_now = series(told.say("this_period"), now, "a")
    series_before = series(told.say("period_before"), before, "mark") if before.figures.closed else None
    within = [now.closed_within(share) for share in (0.5, 0.75, 0.9)]
    half, most, nearly = (written(told.reader, Unit.DAYS, days) for days in within)
    lead = told.say("lead_times_lead", half=half, most=most, nearly=nearly)

    table = Table(
        "lead_times",
        told.say("lead_times"),
        [
            Head("days", told.say("axis_days"), number=False),
            Head("closed", told.say("this_period")),
            Head("share", told.say("share_column")),
            Head("closed_before", told.say("period_before")),
            Head("share_before", told.say("share_column")),
        ],
        [
            [
                Cell(name, name),
                Cell(number, numeral(told, number)),
                share_cell(told, number, now.figures.closed),
                Cell(other, numeral(told, other)),
                share_cell(told, other, before.figures.closed),
            ]
            for name, number, other in zip(names, now.lead_times, before.lead_times, strict=True)
        ],
        csv_of(told, "lead_times"),
    )
    wide, narrow = (
        histogram(
            told.say("lead_times"), lead, names, series_now, series_before, size, lambda share: percentage(told, share)
        )
        for size in (WIDE, NARROW)
    )
    return Chart(
        "lead_times",
        told.say("lead_times"),
        lead,
        told.say("lead_times_means"),
        wide,
        narrow,
        table,
        unit=told.say("axis_lead_times"),
    )


def _escalations(told: Told) -> Chart:
    now = told.now.whole.count(Measure.ESCALATED)
    before = told.before.count(Measure.ESCALATED).by_word()
    numbers = now.by_word()
    most = max(numbers.values(), default=0)
    heads = [Head("reason", told.say("reason_column"), number=False), Head("escalations", told.say("this_period"))]
    heads.append(Head("before", told.say("period_before")))
    heads += [Head(rung.value, told.reader.say(rung.value, "leadership_rungs")) for rung in Rung]
    rows = []
    for reason in ranked(EscalationReason, numbers):
        cells = [
            Cell(reason, told.reader.say(reason, "leadership_reasons")),
            bar_cell(told, Measure.ESCALATED, reason, numbers.get(reason, 0), most),
            number_cell(told, before.get(reason, 0)),
        ]
        cells += [number_cell(told, now.details.get(f"{reason} {rung.value}", 0)) for rung in Rung]
        rows.append(cells)
    return _ranking(told, "escalations", heads, rows, told.say("escalations_lead", number=numeral(told, now.facts)))


def _limits(told: Told) -> Chart:
    now, before = told.now.whole, told.before
    declined, paused = now.count(Measure.DECLINED).by_word(), now.count(Measure.PAUSED).by_word()
    both, both_before = together(declined, paused), causes_of(before)
    most = max(both.values(), default=0)
    heads = [
        Head("cause", told.say("cause_column"), number=False),
        Head("total", told.say("this_period")),
        Head("before", told.say("period_before")),
        Head("declined", told.reader.say("declined", "leadership_names")),
        Head("paused", told.reader.say("paused", "leadership_names")),
    ]
    rows = []
    for cause in ranked(Cause, both):
        number = both.get(cause, 0)
        rows.append(
            [
                Cell(cause, told.reader.say(cause, "leadership_causes")),
                Cell(number, numeral(told, number), None, bar(number, most)),
                number_cell(told, both_before.get(cause, 0)),
                linked_cell(told, Measure.DECLINED, cause, declined.get(cause, 0)),
                linked_cell(told, Measure.PAUSED, cause, paused.get(cause, 0)),
            ]
        )
    lead = told.say(
        "limits_lead", declined=numeral(told, sum(declined.values())), paused=numeral(told, sum(paused.values()))
    )
    return _ranking(told, "limits", heads, rows, lead)


def _satisfaction(told: Told) -> Chart:
    now, before = told.now.whole, told.before
    numbers, others = now.count(Measure.FEEDBACK).by_word(), before.count(Measure.FEEDBACK).by_word()
    total, total_before = sum(numbers.values()), sum(others.values())
    period = told.asked.period
    shares, rows = [], []
    for solved in Solved:
        number, other = numbers.get(solved.value, 0), others.get(solved.value, 0)
        share = percentage(told, number / total if total else None)
        href = told.asked.cases(Measure.FEEDBACK, period.start, period.end, solved.value) if number else None
        name = told.reader.say(solved.value, "leadership_solved")
        shares.append(Share(name, number, _LOOKS[solved], share, href))
        rows.append(
            [
                Cell(solved.value, name),
                Cell(number, numeral(told, number), href),
                share_cell(told, number, total),
                number_cell(told, other),
                share_cell(told, other, total_before),
            ]
        )
    lead = told.say(
        "satisfaction_lead",
        number=numeral(told, now.figures.feedback_count),
        rate=percentage(told, now.response_rate),
        rating=written(told.reader, Unit.RATING, now.figures.satisfaction),
    )
    drawing = share_bar(told.say("satisfaction"), lead, shares)
    heads = [
        Head("solved", told.say("answer_column"), number=False),
        Head("feedback", told.say("this_period")),
        Head("share", told.say("share_column")),
        Head("feedback_before", told.say("period_before")),
        Head("share_before", told.say("share_column")),
    ]
    table = Table("satisfaction", told.say("satisfaction"), heads, rows, csv_of(told, "satisfaction"))
    means = told.say("satisfaction_means")
    beside = [(share.name, share.told) for share in shares]
    return Chart("satisfaction", told.say("satisfaction"), lead, means, drawing, None, table, shares=beside)


def _ratings(told: Told) -> Chart:
    now, before = told.now.whole.ratings, told.before.ratings
    most = max(now.values(), default=0)
    heads = [
        Head("rating", told.say("rating_column"), number=False),
        Head("feedback", told.say("this_period")),
        Head("before", told.say("period_before")),
    ]
    rows = [
        [
            Cell(int(rating), told.say("of_five", rating=rating)),
            Cell(now.get(rating, 0), numeral(told, now.get(rating, 0)), None, bar(now.get(rating, 0), most)),
            number_cell(told, before.get(rating, 0)),
        ]
        for rating in _RATINGS
    ]
    average = written(told.reader, Unit.RATING, told.now.whole.figures.satisfaction)
    return _ranking(told, "ratings", heads, rows, told.say("ratings_lead", rating=average))


def _outcomes(told: Told) -> Chart:
    numbers = told.now.whole.count(Measure.CLOSED).by_word()
    others = told.before.count(Measure.CLOSED).by_word()
    most = max(numbers.values(), default=0)
    heads = [
        Head("outcome", told.say("outcome_column"), number=False),
        Head("closed", told.say("this_period")),
        Head("before", told.say("period_before")),
    ]
    rows = [
        [
            Cell(outcome, told.reader.say(outcome, "leadership_outcomes")),
            bar_cell(told, Measure.CLOSED, outcome, numbers.get(outcome, 0), most),
            number_cell(told, others.get(outcome, 0)),
        ]
        for outcome in ranked(Outcome, numbers)
    ]
    return _ranking(
        told, "outcomes", heads, rows, told.say("outcomes_lead", number=numeral(told, sum(numbers.values())))
    )


def _ranking(told: Told, name: str, heads: Sequence[Head], rows: Sequence[Sequence[Cell]], lead: str) -> Chart:
    table = Table(name, told.say(name), heads, rows, csv_of(told, name))
    return Chart(
        name, told.say(name), lead, told.say(f"{name}_means"), None, None, table, open=True, broad=name in BROAD
    )
