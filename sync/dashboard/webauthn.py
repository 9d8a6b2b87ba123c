"""Passkeys as browsers make and show them: the one home of the library that knows the formats.

Source: W3C Web Authentication, level 3.  What a browser sends is a stranger's until it is proved.
"""

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LASTS_S = 300.0
"""Seconds a question waits for its answer: somebody looks for their telephone."""

MOST_WAITING = 1_000
"""Questions that wait; the oldest go first."""

NAME = "Foyer"
"""What a browser says the passkey is for."""


class WrongPasskeyError(Exception):
    """What was sent proves nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a browser has us; a passkey is bound to it."""

    domain: str
    origin: str
    """Scheme, domain and port, as the browser says them."""


def place_of(host: str, *, https: bool) -> Place | None:
    """Return where a browser has us; `None` where none allows passkeys.

    They need a name, not an address in numbers, and HTTPS, except on the machine itself.

    Args:
        host: The request's `Host`.
        https: Whether browsers come by HTTPS.
    """
    try:
        domain = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return None
    is_here = domain == "localhost" or domain.endswith(".localhost")
    if _is_address(domain) or not (is_here or (https and "." in domain)):
        return None
    return Place(domain, f"{'https' if https else 'http'}://{host}")


def _is_address(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey."""

    id: str
    """In base64url."""
    key: bytes = field(repr=False)
    uses: int


@dataclass(frozen=True, slots=True)
class _Asked:
    state: Any
    """What the library wants to have back."""
    place: Place
    at_s: float


class Ceremonies:
    """Questions to browsers, each good for one answer.  Lives as long as the dashboard."""

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}

    def ask_for_new(
        self, who: str, place: Place, login: str, has: Sequence[bytes], now_s: float
    ) -> dict[str, Any]:
        """Return what a browser needs to make a passkey.

        Args:
            who: Whose browser: the answer must come from the same.
            place: Where it has us.
            login: The account.
            has: The keys the account has already: a device makes no second one.
            now_s: Monotonic seconds.
        """
        user = PublicKeyCredentialUserEntity(name=login, display_name=login, id=login.encode())
        options, state = _server(place).register_begin(
            user,
            [AttestedCredentialData(key) for key in has],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        self._keep(f"new {who}", state, place, now_s)
        return dict(options)

    def made(self, who: str, place: Place, answer: str, now_s: float) -> Made:
        """Return the passkey that a browser made.

        Raises:
            WrongPasskeyError: It was not asked for, or not so.
        """
        state = self._answered(f"new {who}", place, now_s)
        try:
            response = RegistrationResponse.from_dict(json.loads(answer))
            data = _server(place).register_complete(state, response)
        except Exception as error:  # whatever a stranger sends
            raise WrongPasskeyError from error
        if data.credential_data is None:
            raise WrongPasskeyError
        return Made(response.id, bytes(data.credential_data), data.counter)

    def ask_who(self, who: str, place: Place, now_s: float) -> dict[str, Any]:
        """Return what a browser needs to show a passkey; the device says whose."""
        options, state = _server(place).authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED
        )
        self._keep(f"who {who}", state, place, now_s)
        return dict(options)

    def uses_of(self, who: str, place: Place, answer: str, key: bytes, now_s: float) -> int:
        """Check a passkey that was shown, and return what its device has counted.

        Args:
            who: Whose browser: the same that was asked.
            place: Where it has us: the same.
            answer: What it sent.
            key: Of the passkey that the answer names.
            now_s: Monotonic seconds.

        Raises:
            WrongPasskeyError: It proves nothing.
        """
        state = self._answered(f"who {who}", place, now_s)
        try:
            response = AuthenticationResponse.from_dict(json.loads(answer))
            _server(place).authenticate_complete(state, [AttestedCredentialData(key)], response)
        except Exception as error:  # whatever a stranger sends
            raise WrongPasskeyError from error
        return int(response.response.authenticator_data.counter)

    def _keep(self, question: str, state: Any, place: Place, now_s: float) -> None:
        self._asked.pop(question, None)
        self._asked[question] = _Asked(state, place, now_s)
        while len(self._asked) > MOST_WAITING:
            del self._asked[next(iter(self._asked))]

    def _answered(self, question: str, place: Place, now_s: float) -> Any:
        asked = self._asked.pop(question, None)
        if asked is None or asked.place != place or now_s - asked.at_s > LASTS_S:
            raise WrongPasskeyError
        return asked.state


def id_in(answer: str) -> str:
    """Return which passkey an answer names; empty if none."""
    try:
        named = json.loads(answer)["id"]
    except (ValueError, TypeError, KeyError):
        return ""
    return named if isinstance(named, str) else ""


def _server(place: Place) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name=NAME, id=place.domain)
    return Fido2Server(entity, verify_origin=lambda origin: origin == place.origin)
