import pytest
from sqlalchemy import Engine

from domain.refusal import Refused
from readmodel.database import reading, writing
from readmodel.saved_views import SavedView, drop_view, save_view, views_of
from tests.readmodel.town import MORNING, later

ME, ANOTHER, INBOX = "user:me", "user:another", "inbox"


def save(engine: Engine, name: str, query: str = "late=1", owner: str = ME, page: str = INBOX) -> SavedView:
    with writing(engine) as session:
        return save_view(session, owner, page, name, query, MORNING)


def names(engine: Engine, owner: str = ME, page: str = INBOX) -> list[str]:
    with reading(engine) as session:
        return [view.name for view in views_of(session, owner, page)]


def test_views_are_each_owner_s_and_each_page_s_own(engine: Engine) -> None:
    for name in ("late", "Bokrijk", "zebra"):
        save(engine, name)
    save(engine, "late", owner=ANOTHER)
    save(engine, "high", page="board")
    assert names(engine) == ["Bokrijk", "late", "zebra"]
    assert (names(engine, ANOTHER), names(engine, ME, "board")) == (["late"], ["high"])


def test_the_same_name_stands_for_the_latest_query(engine: Engine) -> None:
    first = save(engine, "late")
    again = save(engine, "  late ", "late=1&sort=planned")
    assert again == SavedView(first.id, INBOX, "late", "late=1&sort=planned")
    assert names(engine) == ["late"]


def test_a_view_is_dropped_by_its_owner_only(engine: Engine) -> None:
    view = save(engine, "late")
    with writing(engine) as session:
        assert not drop_view(session, ANOTHER, view.id)
        assert drop_view(session, ME, view.id)
        assert not drop_view(session, ME, view.id)
    assert names(engine) == []


def test_fifty_views_of_a_page_are_enough(engine: Engine) -> None:
    with writing(engine) as session:
        for n in range(50):
            save_view(session, ME, INBOX, f"view {n:02}", "", later(n))
    with pytest.raises(Refused, match="At most 50 views"):
        save(engine, "one more")
    assert save(engine, "view 07", "urgent=1").query == "urgent=1"
    assert save(engine, "one more", page="board").name == "one more"
    assert len(names(engine)) == 50


@pytest.mark.parametrize(("name", "query"), [(" ", ""), ("x" * 81, ""), ("long", "q=" + "x" * 2_000)])
def test_a_view_has_a_name_and_not_too_much_in_it(engine: Engine, name: str, query: str) -> None:
    with pytest.raises(Refused) as refused:
        save(engine, name, query)
    assert refused.value.code == "invalid"
    assert names(engine) == []
