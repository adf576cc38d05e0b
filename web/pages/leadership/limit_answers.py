"""What held follow-up back, in sentences: by which cause most, where, and is it getting less?"""

from collections.abc import Sequence

from domain.limit_figures import NOTHING
from domain.words import Cause
from web.pages.leadership.answers import WORST, Answer, Line
from web.pages.leadership.limits import Limits, total, word
from web.pages.leadership.measured import Unit, changed, written
from web.pages.leadership.story import name_of

PARTS: tuple[tuple[float, float, str], ...] = (
    (0.23, 0.27, "a_quarter"),
    (0.31, 0.36, "a_third"),
    (0.47, 0.53, "half"),
    (0.64, 0.69, "two_thirds"),
    (0.73, 0.77, "three_quarters"),
    (0.95, 1.01, "nearly_all"),
)
"""From (inclusive) and until (exclusive) which share people would say it so."""


def limit_answers(limits: Limits) -> list[Answer]:
    return [_most(limits), _where(limits), _less(limits)]


def part(limits: Limits, share: float) -> str:
    """ "Three quarters", "18%"."""
    said = next((name for least, end, name in PARTS if least <= share < end), None)
    return limits.say(said) if said is not None else written(limits.reader, Unit.SHARE, share)


def _most(limits: Limits) -> Answer:
    period = limits.asked.period
    waited = [cause for cause in limits.ranked if limits.of(cause).waiting_days]
    lines = []
    for cause in waited[:WORST]:
        figures = limits.of(cause)
        href = limits.asked.held(word(cause), period.start, period.end)
        key = "waited" if figures.cases != 1 else "waited_one"
        beside = limits.say(key, days=_days(limits, figures.waiting_days), cases=figures.cases)
        lines.append(Line(limits.named(cause), href, beside))
    return Answer(limits.say("question_most"), _in_short(limits, waited), "", lines)


def _in_short(limits: Limits, waited: Sequence[Cause | None]) -> str:
    if not waited:
        return limits.say("most_nothing")
    said = part(limits, limits.of(waited[0]).waiting_days / limits.total)
    if waited[0] is not None:
        return limits.say("most", part=said, cause=limits.named(waited[0]))
    unnamed = limits.say("most_unnamed", part=said)
    return f"{unnamed} {limits.say('most_rest', cause=limits.named(waited[1]))}" if len(waited) > 1 else unnamed


def _where(limits: Limits) -> Answer:
    days = {group: total(by_cause) for group, by_cause in limits.groups.items()}
    lines = []
    for group in sorted(days, key=lambda group: (-days[group], group))[:WORST]:
        by_cause = limits.groups[group]
        if not days[group]:
            break
        first = max(by_cause, key=lambda cause: by_cause[cause].waiting_days)
        href = limits.asked.link("/figures/limits", **{limits.by.value: group})
        beside = limits.say("mostly", days=_days(limits, days[group]), cause=limits.named(first))
        lines.append(Line(name_of(limits.context.city, limits.reader, limits.by, group), href, beside))
    key = f"where_{limits.by.value}" if lines else "most_nothing"
    return Answer(limits.say("question_where"), limits.say(key), "", lines)


def _less(limits: Limits) -> Answer:
    before = total(limits.before)
    told = changed(limits.reader, Unit.DAYS, -1, limits.total, before)
    key = f"less_{told.word}" if before else "less_unknown"
    lines = [Line(limits.say("in_all", days=_days(limits, limits.total)), None, _was(limits, before))]
    unnamed, period = limits.now.get(None, NOTHING), limits.asked.period
    if unnamed.cases:
        href = limits.asked.held(word(None), period.start, period.end)
        key_unnamed = "unnamed_cases" if unnamed.cases != 1 else "unnamed_case"
        lines.append(Line(limits.say(key_unnamed, cases=unnamed.cases), href, limits.say("unnamed_means")))
    mood = {"better": "good", "worse": "bad"}.get(told.word, "") if before else ""
    return Answer(limits.say("question_less"), limits.say(key), mood, lines)


def _was(limits: Limits, before: float) -> str:
    return limits.reader.say("was", "leadership", value=_days(limits, before)) if before else ""


def _days(limits: Limits, days: float) -> str:
    return written(limits.reader, Unit.DAYS, days)
