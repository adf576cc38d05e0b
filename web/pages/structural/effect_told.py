"""What a structural case changed, in words: counts before and after, and ratios with their intervals."""

from dataclasses import dataclass

from domain.recurrence import Ratio, Recurrence
from readmodel.structural.effect import Effect
from web.pages.languages import Language

AREA = "structural"


@dataclass(frozen=True, slots=True)
class Told:
    """What it changed, in sentences."""

    here: str
    beside: str | None
    verdict: str


def told(reader: Language, effect: Effect) -> Told | None:
    """None where it is too early to tell."""
    seen = effect.recurrence
    if seen is None:
        return None
    counts = {"before": seen.before, "after": seen.after, "days": effect.days}
    here = reader.say("effect_here", AREA, **counts)
    ratio = seen.here
    if ratio is not None:
        here = f"{here} {_ratio(reader, 'effect_ratio', ratio)}"
    beside = None
    if (compared := seen.beside_the_city) is not None:
        there = {"before": seen.elsewhere_before, "after": seen.elsewhere_after}
        beside = f"{reader.say('effect_city', AREA, **there)} {_ratio(reader, 'effect_beside', compared)}"
    return Told(here, beside, reader.say(f"verdict_{verdict(seen)}", AREA))


def verdict(seen: Recurrence) -> str:
    """`less`, `more`, or `open` where chance may explain the difference."""
    judged = seen.beside_the_city or seen.here
    if judged is None or judged.low <= 1 <= judged.high:
        return "open"
    return "less" if judged.high < 1 else "more"


def in_short(reader: Language, ratio: Ratio) -> str:
    """The ratio with its interval, as a table has it."""
    return _ratio(reader, "ratio_in_short", ratio)


def _ratio(reader: Language, key: str, ratio: Ratio) -> str:
    """The ratio with its interval; an interval without end is told as one."""
    value = reader.number(ratio.value, 2) if ratio.value is not None else "–"
    high = reader.number(ratio.high, 2) if ratio.high < 1000 else "∞"
    p = reader.number(ratio.p, 3) if ratio.p >= 0.001 else f"< {reader.number(0.001, 3)}"
    return reader.say(key, AREA, value=value, low=reader.number(ratio.low, 2), high=high, p=p)
