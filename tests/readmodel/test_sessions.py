"""Sessions and the people behind them, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.words import Role
from readmodel.accounts import Mandate, User, add_user, sign_in, user_by_email, user_by_id
from readmodel.database import reading, writing
from readmodel.passwords import one_time_password, weakness
from readmodel.provided import Provided, StaysOut, user_provided
from readmodel.schema import SESSIONS, USERS
from readmodel.sessions import (
    IDLE,
    LONGEST,
    begin_session,
    end_session,
    end_sessions_of,
    note_use,
    places_of,
    session_of,
)
from readmodel.staff import (
    LastAdministrator,
    change_user,
    disable_user,
    enable_user,
    list_staff,
    member,
    set_password,
)
from tests.readmodel.town import MORNING, ROADS, rows

KEY = Mandate(Role.ADMINISTRATOR)
MEMBER = Mandate(Role.DEPARTMENT, ROADS)
MINUTE = timedelta(minutes=1)


def someone(engine: Engine, email: str = "an@town.example", mandate: Mandate = MEMBER) -> User:
    with writing(engine) as session:
        return add_user(session, email, "An", mandate, "a long secret", MORNING)


def told(**changes: object) -> Provided:
    values: dict[str, object] = {
        "issuer": "https://id.example",
        "subject": "an",
        "name": "An",
        "email": "an@town.example",
        "email_verified": True,
        "language": "nl",
        "mandate": MEMBER,
        **changes,
    }
    return Provided(**values)  # type: ignore[arg-type]


def test_a_session_is_known_by_its_secret_and_kept_as_a_digest(engine: Engine) -> None:
    an = someone(engine)
    with writing(engine) as session:
        secret = begin_session(session, an, MORNING, browser="Firefox, Linux")
    assert secret not in str(rows(engine, SESSIONS))
    with reading(engine) as session:
        found = session_of(session, secret, MORNING)
        assert found is not None and found.user == user_by_id(session, an.id)
        assert session_of(session, found.hash, MORNING) is None
        assert user_by_email(session, an.email) == found.user
    [kept] = rows(engine, USERS)
    assert kept["signed_in_at"] == MORNING


def test_a_session_ends_when_idle_and_in_the_end_anyway(engine: Engine) -> None:
    an = someone(engine)
    with writing(engine) as session:
        secret = begin_session(session, an, MORNING)
    with writing(engine) as session:
        assert session_of(session, secret, MORNING + IDLE) is None
        at = MORNING
        while at < MORNING + LONGEST - IDLE:
            at += IDLE - MINUTE
            found = session_of(session, secret, at)
            assert found is not None
            note_use(session, found.hash, at)
        assert session_of(session, secret, MORNING + LONGEST) is None


def test_one_session_or_all_others_are_ended(engine: Engine) -> None:
    an, jo = someone(engine), someone(engine, "jo@town.example")
    with writing(engine) as session:
        first, second, third = (begin_session(session, an, MORNING + n * MINUTE) for n in range(3))
        theirs = begin_session(session, jo, MORNING)
        kept = session_of(session, second, MORNING)
        gone = session_of(session, first, MORNING)
        assert kept is not None and gone is not None
        end_session(session, gone.hash)
        assert [place.hash for place in places_of(session, an.id, MORNING)][1:] == [kept.hash]
        assert end_sessions_of(session, an.id, other_than=kept.hash) == 1
        assert session_of(session, third, MORNING) is None and session_of(session, second, MORNING) is not None
        assert session_of(session, theirs, MORNING) is not None


def test_whoever_is_disabled_is_out_and_may_come_back(engine: Engine) -> None:
    an = someone(engine)
    with writing(engine) as session:
        secret = begin_session(session, an, MORNING)
        disable_user(session, an.id, MORNING)
        assert session_of(session, secret, MORNING) is None
        assert sign_in(session, an.email, "a long secret", MORNING) is None
        enable_user(session, an.id)
        assert session_of(session, secret, MORNING) is None
        assert sign_in(session, an.email, "a long secret", MORNING) is not None


def test_a_password_for_one_time_works_for_a_week(engine: Engine) -> None:
    an, once = someone(engine), one_time_password()
    with writing(engine) as session:
        begin_session(session, an, MORNING)
        set_password(session, an.id, once, once_from=MORNING)
        assert places_of(session, an.id, MORNING) == []
        found = sign_in(session, an.email, once, MORNING)
        assert found is not None and found.must_choose
        assert sign_in(session, an.email, once, MORNING + timedelta(days=7)) is None
        set_password(session, an.id, "another long secret")
        found = sign_in(session, an.email, "another long secret", MORNING + timedelta(days=70))
        assert found is not None and not found.must_choose


def test_there_is_always_an_administrator_who_can_come_in(engine: Engine) -> None:
    key = someone(engine, mandate=KEY)
    with writing(engine) as session:
        add_user(session, "without@town.example", "Without", KEY, None, MORNING)
    with pytest.raises(LastAdministrator), writing(engine) as session:
        disable_user(session, key.id, MORNING)
    with pytest.raises(LastAdministrator), writing(engine) as session:
        change_user(session, key.id, "An", MEMBER, None)
    other = someone(engine, "other@town.example", KEY)
    with writing(engine) as session:
        disable_user(session, key.id, MORNING)
    with pytest.raises(LastAdministrator), writing(engine) as session:
        disable_user(session, other.id, MORNING)


def test_the_list_tells_how_it_stands_with_each(engine: Engine) -> None:
    an, jo = someone(engine), someone(engine, "jo@town.example")
    with writing(engine) as session:
        begin_session(session, an, MORNING)
        disable_user(session, jo.id, MORNING)
        found = list_staff(session, MORNING)
        assert [(m.user.email, m.sessions, m.disabled_at) for m in found] == [
            (an.email, 1, None),
            (jo.email, 0, MORNING),
        ]
        assert member(session, an.id, MORNING) == found[0] and member(session, "nobody", MORNING) is None


def test_someone_the_city_vouches_for_is_made_once_and_kept_up_to_date(engine: Engine) -> None:
    with writing(engine) as session:
        first = user_provided(session, told(), MORNING)
        second = user_provided(session, told(name="An P.", email="AN.P@town.example", mandate=KEY), MORNING)
    assert isinstance(first, User) and isinstance(second, User)
    assert first.id == second.id
    assert (second.name, second.email, second.mandate) == ("An P.", "an.p@town.example", KEY)
    assert second.by_provider and not second.has_password


def test_people_of_two_issuers_are_two(engine: Engine) -> None:
    with writing(engine) as session:
        user_provided(session, told(), MORNING)
        user_provided(session, told(issuer="https://other.example", email=None), MORNING)
    assert len(rows(engine, USERS)) == 2


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_without_a_password_goes_to_whoever_has_its_address(engine: Engine, verified: bool) -> None:
    with writing(engine) as session:
        waiting = add_user(session, "an@town.example", "An", MEMBER, None, MORNING)
        found = user_provided(session, told(email_verified=verified), MORNING)
    assert (found.id == waiting.id) if isinstance(found, User) else (found.reason == "address_taken")
    assert isinstance(found, User) is verified


def test_nobody_takes_over_an_account_with_a_password_or_of_another(engine: Engine) -> None:
    someone(engine)
    with writing(engine) as session:
        found = user_provided(session, told(), MORNING)
        assert isinstance(found, StaysOut) and found.reason == "address_taken"
        user_provided(session, told(email="jo@town.example"), MORNING)
        other = user_provided(session, told(subject="other", email="jo@town.example"), MORNING)
        assert isinstance(other, StaysOut)


def test_without_a_role_nobody_comes_in_and_whoever_was_in_is_out(engine: Engine) -> None:
    with writing(engine) as session:
        an = user_provided(session, told(), MORNING)
        assert isinstance(an, User)
        secret = begin_session(session, an, MORNING, by_provider=True)
        found = user_provided(session, told(mandate=None), MORNING)
        assert isinstance(found, StaysOut) and found.reason == "no_role"
        assert session_of(session, secret, MORNING) is None


def test_an_identity_belongs_to_one_account(engine: Engine) -> None:
    with writing(engine) as session:
        user_provided(session, told(), MORNING)
        jo = add_user(session, "jo@town.example", "Jo", MEMBER, None, MORNING)
    taken = USERS.update().where(USERS.c.id == jo.id).values(issuer="https://id.example", subject="an")
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(taken)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", "short"),
        ("x" * 1001, "long"),
        ("aaaaaaaaaaaa", "plain"),
        ("an@town.example", "theirs"),
        ("correct horse battery", None),
    ],
)
def test_a_good_password_is_long_and_not_ones_own_address(password: str, why: str | None) -> None:
    assert weakness(password, "an@town.example") == why
