"""The city's own sign-in, by OpenID Connect: where it is, which keys it signs with, and what it says of a person."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.integrations.httpx_client.oauth2_client import httpx2 as http
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from configuration.settings import Settings, on_loopback
from web.signin.identity import UnknownKey, believed

FRESH_FOR = timedelta(hours=1)
"""How long what was discovered holds; beyond it is asked anew, and used as it was while the provider is silent."""
NEW_KEYS_EVERY = timedelta(minutes=1)
"""At most so often is a token with an unknown key a reason to ask for keys."""
PATIENCE = 8.0
"""Seconds for one answer of the provider."""
SCOPE = "openid profile email"


class ProviderSilent(Exception):
    """The provider does not answer, or not as it should; what was wrong, for the log."""


class CodeRefused(Exception):
    """The provider does not take the code: it was used before, or is not for us."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the provider tells of itself, and its keys."""

    authorize: str
    token: str
    userinfo: str | None
    end_session: str | None
    algorithms: Sequence[str]
    keys: KeySet
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt to sign in must come back with."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE."""


class Provider:
    """Asks over HTTP without holding up others; what it discovered is shared by all requests of this process."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret
        self.issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret.get_secret_value()
        self.back = f"{settings.public_url}/sign-in/oidc/back"
        self._public_url = settings.public_url
        self._known: Discovered | None = None
        self._asking = asyncio.Lock()

    async def leads_to(self, attempt: Attempt, language: str, now: datetime) -> str:
        """The provider's page to sign in on. Raises ProviderSilent."""
        found = await self._discovered(now)
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                found.authorize,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                ui_locales=language,
            )
        return str(url)

    async def claims(self, code: str, attempt: Attempt, roles_claim: str, now: datetime) -> Mapping[str, Any]:
        """What the provider says of whoever brought the code. Raises CodeRefused, NotBelieved or ProviderSilent."""
        found = await self._discovered(now)
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    found.token, grant_type="authorization_code", code=code, code_verifier=attempt.verifier
                )
                claims = await self._believed(token, attempt, now)
                if found.userinfo and (roles_claim.partition(".")[0] not in claims or "email" not in claims):
                    answer = await client.get(found.userinfo)
                    answer.raise_for_status()
                    more = answer.json()
                    if isinstance(more, dict) and more.get("sub") == claims["sub"]:
                        claims = {**more, **claims}
        except OAuthError as error:
            raise CodeRefused(str(error)) from error
        except (http.HTTPError, ValueError) as error:
            raise ProviderSilent(f"{type(error).__name__}: {error}") from error
        return claims

    async def sign_out_at(self, now: datetime) -> str | None:
        """The provider's page to sign out on, which leads back to us; None where it offers none or is silent."""
        try:
            found = await self._discovered(now)
        except ProviderSilent:
            return None
        if found.end_session is None:
            return None
        back = {"client_id": self._client_id, "post_logout_redirect_uri": f"{self._public_url}/sign-in"}
        return f"{found.end_session}{'&' if '?' in found.end_session else '?'}{urlencode(back)}"

    async def _believed(self, token: Mapping[str, Any], attempt: Attempt, now: datetime) -> Mapping[str, Any]:
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise ProviderSilent("the answer holds no ID token")

        def check(found: Discovered) -> Mapping[str, Any]:
            return believed(
                id_token,
                found.keys,
                algorithms=found.algorithms,
                issuer=self.issuer,
                client_id=self._client_id,
                nonce=attempt.nonce,
                access_token=token.get("access_token"),
                now=now,
            )

        try:
            return check(await self._discovered(now))
        except UnknownKey:
            return check(await self._discovered(now, within=NEW_KEYS_EVERY))

    async def _discovered(self, now: datetime, within: timedelta = FRESH_FOR) -> Discovered:
        """One request asks, others wait for its answer."""
        known = self._known
        if known is not None and now - known.at < within:
            return known
        async with self._asking:
            known = self._known
            if known is not None and now - known.at < within:
                return known
            try:
                self._known = await self._discover(now)
            except (http.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
                if known is None:
                    raise ProviderSilent(f"{type(error).__name__}: {error}") from error
                return known
            return self._known

    async def _discover(self, now: datetime) -> Discovered:
        async with self._client() as client:
            told = await _json(client, f"{self.issuer}/.well-known/openid-configuration")
            if str(told["issuer"]).rstrip("/") != self.issuer:
                raise ValueError(f"the issuer calls itself {told['issuer']}")
            keys = await _json(client, _safe(told["jwks_uri"]))
        return Discovered(
            _safe(told["authorization_endpoint"]),
            _safe(told["token_endpoint"]),
            _safe(told["userinfo_endpoint"]) if told.get("userinfo_endpoint") else None,
            _safe(told["end_session_endpoint"]) if told.get("end_session_endpoint") else None,
            tuple(told.get("id_token_signing_alg_values_supported") or ("RS256",)),
            KeySet.import_key_set(keys),
            now,
        )

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scope=SCOPE,
            redirect_uri=self.back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            follow_redirects=False,
        )


async def _json(client: Any, url: str) -> Any:
    answer = await client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


def _safe(url: object) -> str:
    if not isinstance(url, str) or not (urlsplit(url).scheme == "https" or on_loopback(url)):
        raise ValueError(f"{url} is not an address that starts with https://")
    return url
