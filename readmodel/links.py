"""The addresses that letters carry: some hold a secret of their own, others a name that the city signed."""

import hashlib
from dataclasses import dataclass, field

from itsdangerous import BadSignature, Signer

HIDDEN = "…"
"""What stands in an address in the place of a secret that the reader may not have."""
_TASK, _SILENCE = "aanjager.task", "aanjager.silence"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the pages are; without the key the secrets of links are left out."""

    public_url: str
    key: bytes | None = field(default=None, repr=False)

    def case(self, case_id: str) -> str:
        return f"{self.public_url}/cases/{case_id}"

    def meeting(self, neighbourhood: str, meeting_id: str) -> str:
        """Of a neighbourhood's team."""
        return f"{self.public_url}/neighbourhoods/{neighbourhood}/team/{meeting_id}"

    def webhook(self, webhook_id: str) -> str:
        """Where administrators see how it does."""
        return f"{self.public_url}/admin/webhooks/{webhook_id}"

    def follow(self, token: str | None) -> str:
        return f"{self.public_url}/follow/{token if token is not None and self.key is not None else HIDDEN}"

    def task(self, link: str) -> str:
        """Of a task that is answered without an account."""
        return f"{self.public_url}/task/{self._signed(_TASK, link)}"

    def silence(self, follower: str) -> str:
        """Where a follower asks for no more letters; it lets nobody read the case."""
        return f"{self.public_url}/silence/{self._signed(_SILENCE, follower)}"

    def task_of(self, signed: str) -> str | None:
        """The link that was signed; None where we did not sign it."""
        return self._checked(_TASK, signed)

    def follower_of(self, signed: str) -> str | None:
        """The follower who was signed; None where we did not sign them."""
        return self._checked(_SILENCE, signed)

    def _signed(self, purpose: str, name: str) -> str:
        return HIDDEN if self.key is None else _signer(self.key, purpose).sign(name).decode()

    def _checked(self, purpose: str, signed: str) -> str | None:
        if self.key is None:
            return None
        try:
            return _signer(self.key, purpose).unsign(signed).decode()
        except (BadSignature, UnicodeError):
            return None


def _signer(key: bytes, purpose: str) -> Signer:
    return Signer(key, salt=purpose, digest_method=hashlib.sha256)
