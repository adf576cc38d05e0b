"""What staff are shown as perhaps the same, and how that ranks real reports."""

from dataclasses import replace
from datetime import datetime
from math import cos, hypot, radians
from random import Random

from sqlalchemy import Engine

from domain.likeness import PROBABLY, Kin, Pair, likeness
from readmodel.case_detail import case_detail
from readmodel.cases import CaseItem
from readmodel.database import reading
from readmodel.intake import Accepted
from readmodel.likely import Likely, likely, text_likeness
from readmodel.sight import EVERYTHING, Sight
from tests.boston import needs_boston, requests
from tests.readmodel.test_nearby import LAT, LON, METRE
from tests.readmodel.town import DORP, HEIDE, TREE, a_report, later, open_case


def reported(engine: Engine, text: str, north: float = 0, days: float = 0, **changes: object) -> Accepted:
    """A report so many metres and days away."""
    plain = {"lat": LAT + north * METRE, "lon": LON, "description": text, **changes}
    return open_case(engine, replace(a_report(), **plain), later(24 * days))  # type: ignore[arg-type]


def item(engine: Engine, case: Accepted) -> CaseItem:
    with reading(engine) as session:
        detail = case_detail(session, case.case_id)
    assert detail is not None
    return detail.item


def found(engine: Engine, case: Accepted, sight: Sight = EVERYTHING, texts: bool = True) -> list[Likely]:
    with reading(engine) as session:
        return likely(session, item(engine, case), [TREE], sight, texts=texts)


def test_the_likeliest_come_first_with_what_speaks_for_them(engine: Engine) -> None:
    case = reported(engine, "Groot gat in de weg voor de school")
    near = reported(engine, "Diepe put in het wegdek", north=10, days=1)
    told = reported(engine, "Een groot gat in de weg aan de school", north=60, days=2)
    reported(engine, "Lamp stuk", north=400)
    reported(engine, "Boom om", north=5, service=TREE)
    ranked = found(engine, case)
    assert [one.case.case_id for one in ranked[:2]] == [near.case_id, told.case_id]
    assert [one.words for one in ranked[:2]] == [(), ("groot", "school")]
    assert [one.probably for one in ranked] == [True, True, True]
    assert [one.same_service for one in ranked] == [True, True, False]


def test_nobody_is_shown_what_they_may_not_know_of(engine: Engine) -> None:
    case, other = reported(engine, "Gat"), reported(engine, "Gat", north=5)
    reported(engine, "Gat", north=5, neighbourhood=DORP)
    assert [one.case.case_id for one in found(engine, case, Sight(neighbourhoods=(HEIDE,)))] == [other.case_id]
    [blind] = found(engine, case, Sight(neighbourhoods=(HEIDE,)), texts=False)
    assert (blind.description, blind.words) == (None, ())


def test_without_a_place_those_of_the_neighbourhood_are_compared(engine: Engine) -> None:
    case = reported(engine, "De lamp aan de kerk brandt niet", lat=None, lon=None)
    other = reported(engine, "Lamp aan de kerk is kapot", lat=None, lon=None, days=1)
    assert [(one.case.case_id, one.case.metres) for one in found(engine, case)] == [(other.case_id, None)]


def test_texts_are_compared_whatever_the_order_and_the_accents() -> None:
    assert text_likeness("Éclairage cassé, rue de l'Église", "rue de l'eglise: eclairage casse") == 1
    assert text_likeness("Groot gat in de weg", "Diepe put in het wegdek") < 0.7


@needs_boston
def test_reports_of_the_same_in_boston_rank_above_any_others() -> None:
    placed = [row for row in requests() if row["latitude"] and row["longitude"]][:2000]
    pairs = [(one, other) for n, one in enumerate(placed) for other in placed[n + 1 : n + 40]]
    same = [scored(*pair) for pair in pairs if pair[0]["type"] == pair[1]["type"] and close(*pair)]
    chance = Random(7)
    others = [scored(*chance.sample(placed, 2)) for _ in range(2000)]
    assert len(same) > 20
    assert min(same) >= PROBABLY
    assert sum(score >= PROBABLY for score in others) < 5


def apart(one: dict[str, str], other: dict[str, str]) -> tuple[float, float]:
    """Metres and days."""
    lat, lon = (float(one[key]) - float(other[key]) for key in ("latitude", "longitude"))
    metres = hypot(lat, lon * cos(radians(42.3))) / METRE
    opened = (datetime.fromisoformat(row["open_dt"]) for row in (one, other))
    return metres, abs((next(opened) - next(opened)).total_seconds()) / 86400


def close(one: dict[str, str], other: dict[str, str]) -> bool:
    metres, days = apart(one, other)
    return metres < 25 and days < 3


def scored(one: dict[str, str], other: dict[str, str]) -> float:
    kin = Kin.SAME if one["type"] == other["type"] else Kin.KINDRED if one["reason"] == other["reason"] else Kin.OTHER
    return likeness(Pair(kin, *apart(one, other)))
