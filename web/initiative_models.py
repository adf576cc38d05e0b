"""The commands about offers to residents, as they are sent in."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Base64Bytes, Field, TypeAdapter

from web.command_base import Command
from web.fields import Email, Euros, Line, Moment, Phone, Sent, Text, Word


class OfferToResidents(Command):
    command: Literal["offer_to_residents"]
    amount: Euros
    note: Text
    until: Moment | None = None


class WithdrawOffer(Command):
    command: Literal["withdraw_offer"]
    note: Text


class Adopt(Command):
    command: Literal["adopt"]
    offer: Word | None = None


class Account(Command):
    command: Literal["account"]
    spent: Euros
    note: Text


class HandBack(Command):
    command: Literal["hand_back"]
    note: Text | None = None


InitiativeCommand = OfferToResidents | WithdrawOffer | Adopt | Account | HandBack


class AdoptSent(Sent):
    """Who takes it on, and how the city reaches them."""

    name: Line
    email: Email
    phone: Phone | None = None
    language: Word | None = None
    offer: Word | None = None
    """The offer that they read: it is refused where another has taken its place."""
    command_id: UUID | None = None


class AdoptAsFollowerSent(Sent):
    """Whoever follows the report takes it on."""

    offer: Word | None = None
    command_id: UUID | None = None


class AccountSent(Sent):
    """What was done, and what it cost."""

    spent: Euros
    note: Text
    photo: Annotated[Base64Bytes, Field(max_length=1_000_000)] | None = None
    """A JPEG, PNG, WebP or GIF file in base64."""
    command_id: UUID | None = None


def accounted(body: AccountSent) -> Account:
    """The same as a command; its parts are valid already, and the sum is in cents."""
    return Account.model_construct(
        command="account", command_id=body.command_id, expected_version=None, spent=body.spent, note=body.note
    )


class HandBackSent(Sent):
    """They cannot do it after all."""

    note: Text | None = None
    command_id: UUID | None = None


ADOPT_SENT = TypeAdapter(AdoptSent)
ADOPT_AS_FOLLOWER_SENT = TypeAdapter(AdoptAsFollowerSent)
ACCOUNT_SENT = TypeAdapter(AccountSent)
HAND_BACK_SENT = TypeAdapter(HandBackSent)
