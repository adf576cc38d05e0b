"""The three questions of leadership, answered in sentences: is it getting faster, where does it stall, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.measures import Measure
from domain.words import Cause, EscalationReason
from readmodel.tallies import GroupBy
from web.pages.leadership.measured import BY_KEY, Unit, change, written
from web.pages.leadership.story import Told, name_of

WORST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, perhaps with the figures behind it."""

    text: str
    href: str | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    short: str
    mood: str
    """`good`, `bad` or nothing."""
    lines: Sequence[Line]


def answers(told: Told) -> list[Answer]:
    where = [_where(told, told.places)] if told.places is not None else []
    return [_faster(told), *where, _why(told)]


def _faster(told: Told) -> Answer:
    now, before, say = told.now.whole, told.before, told.say
    word = change(BY_KEY["median_days_to_close"], now, before, told.reader).word
    lines = []
    for key in ("median_days_to_close", "p90_days_to_close", "resolved_in_time"):
        shown = BY_KEY[key]
        value = shown.of(now)
        if value is not None:
            lines.append(
                Line(
                    say(f"faster_{key}", value=written(told.reader, shown.unit, value)),
                    beside=say("was", value=written(told.reader, shown.unit, shown.of(before)))
                    if told.comparable
                    else "",
                )
            )
    short = {"better": "faster_yes", "worse": "faster_no", "same": "faster_same"}.get(word, "faster_unknown")
    mood = {"better": "good", "worse": "bad"}.get(word, "")
    return Answer(say("question_faster"), say(short), mood, lines)


def _where(told: Told, places: GroupBy) -> Answer:
    reader, say = told.reader, told.say
    escalations = {id: part.count(Measure.ESCALATED).facts for id, part in told.groups.items()}
    lines = []
    for id in sorted(escalations, key=lambda id: (-escalations[id], id))[:WORST]:
        if not escalations[id]:
            break
        in_time = told.groups[id].count(Measure.RESPONDED).share
        number = written(reader, Unit.NUMBER, escalations[id])
        beside = say("stalls_beside" if escalations[id] != 1 else "stalls_beside_one", number=number)
        if in_time is not None:
            beside = f"{beside}, {say('stalls_in_time', share=written(reader, Unit.SHARE, in_time))}"
        href = told.asked.link("/figures", **{places.value: id})
        lines.append(Line(name_of(told.city, reader, places, id), href, beside))
    key = f"stalls_{places.value}" if lines else "stalls_nowhere"
    return Answer(say("question_where"), say(key), "", lines)


def _why(told: Told) -> Answer:
    now, reader, say = told.now.whole, told.reader, told.say
    period = told.asked.period
    lines: list[Line] = []
    reasons = now.count(Measure.ESCALATED).by_word()
    if reasons:
        reason = max(sorted(reasons), key=lambda word: reasons[word])
        lines.append(
            Line(
                reader.say(EscalationReason(reason).value, "leadership_reasons"),
                told.asked.cases(Measure.ESCALATED, period.start, period.end, reason),
                say("why_escalations", number=reasons[reason], total=sum(reasons.values())),
            )
        )
    causes: dict[str, int] = {}
    for measure in (Measure.DECLINED, Measure.PAUSED):
        for word, number in now.count(measure).by_word().items():
            causes[word] = causes.get(word, 0) + number
    for cause in sorted(causes, key=lambda word: (-causes[word], word))[:2]:
        text = reader.say(Cause(cause).value, "leadership_causes")
        lines.append(Line(text, None, say("why_causes", number=causes[cause], total=sum(causes.values()))))
    if lines:
        lines.append(Line(reader.say("title", "limits"), told.asked.link("/figures/limits"), say("why_limits")))
    return Answer(say("question_why"), say("why_short" if lines else "why_nothing"), "", lines)
