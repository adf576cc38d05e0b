"""What makes an ID token believable: its signature, and whom, when and what for it was made."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Only those that the provider alone can sign with."""
LEEWAY = 60
"""Seconds by which clocks may differ."""


class NotBelieved(Exception):
    """The token proves nothing; for the log, never for the page."""


class UnknownKey(NotBelieved):
    """Signed with a key that is not among those known; the provider may have new ones."""


def believed(
    id_token: str,
    keys: KeySet,
    *,
    algorithms: Sequence[str],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str | None,
    now: datetime,
) -> Mapping[str, Any]:
    """The claims of the token. Raises NotBelieved.

    OpenID Connect Core 1.0, section 3.1.3.7.
    """
    allowed = [name for name in algorithms if name in ALGORITHMS]
    try:
        registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
        token = jwt.decode(id_token, key=keys, registry=registry)
        options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
        params = {"nonce": nonce, "client_id": client_id, "access_token": access_token}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except InvalidKeyIdError as error:
        raise UnknownKey(str(error)) from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotBelieved(f"{type(error).__name__}: {error}") from error
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotBelieved("the token names nobody")
    return dict(claims)
