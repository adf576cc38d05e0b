import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.actor import Actor
from domain.words import Role
from readmodel.accounts import (
    Mandate,
    actor_of_token,
    add_user,
    create_token,
    revoke_token,
    sign_in,
    user_by_email,
    user_by_id,
)  # fmt: skip
from readmodel.database import reading, writing
from readmodel.schema import TOKENS, USERS
from tests.readmodel.town import HEIDE, MORNING, ROADS, later, rows

MEMBER = Mandate(Role.DEPARTMENT, ROADS)


def test_a_token_lets_its_holder_in_and_is_kept_as_a_digest_only(engine: Engine) -> None:
    with writing(engine) as session:
        token = create_token(session, MEMBER, MORNING, "their system")
    assert token not in str(rows(engine, TOKENS))
    with reading(engine) as session:
        [kept] = rows(engine, TOKENS)
        assert actor_of_token(session, token) == Actor(Role.DEPARTMENT, kept["id"], ROADS)
        assert actor_of_token(session, token[:-1]) is None
        assert actor_of_token(session, kept["hash"]) is None


def test_a_revoked_token_lets_nobody_in(engine: Engine) -> None:
    with writing(engine) as session:
        token = create_token(session, Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (HEIDE,)), MORNING)
        actor = actor_of_token(session, token)
        assert actor is not None
        assert actor.neighbourhoods == (HEIDE,)
        assert revoke_token(session, actor.id, later(1))
        assert actor_of_token(session, token) is None
        assert not revoke_token(session, actor.id, later(2))


def test_a_user_signs_in_with_their_password_only(engine: Engine) -> None:
    with writing(engine) as session:
        user = add_user(session, " An@Town.example ", "An", MEMBER, "a long secret", MORNING)
    assert "a long secret" not in str(rows(engine, USERS))
    with reading(engine) as session:
        assert sign_in(session, "an@town.example", "a long secret", MORNING) == user
        assert sign_in(session, "an@town.example", "another", MORNING) is None
        assert sign_in(session, "piet@town.example", "a long secret", MORNING) is None
        assert user_by_email(session, "AN@town.example") == user_by_id(session, user.id) == user


def test_a_user_without_a_password_cannot_sign_in_with_one(engine: Engine) -> None:
    with writing(engine) as session:
        add_user(session, "an@town.example", "An", MEMBER, None, MORNING)
        assert sign_in(session, "an@town.example", "", MORNING) is None


def test_an_address_has_one_account(engine: Engine) -> None:
    with writing(engine) as session:
        add_user(session, "an@town.example", "An", MEMBER, None, MORNING)
    with pytest.raises(IntegrityError), writing(engine) as session:
        add_user(session, "AN@town.example", "An", MEMBER, None, MORNING)
