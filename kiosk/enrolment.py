"""How this kiosk was let in: one file, `enrolment.json` beside its notebook, readable by its owner only.

The file holds secrets: the broker's password, the kiosk's own key, the space's badge key.  A kiosk that was
shut out keeps the file without them, so that it goes on saying so.
"""

import http.client
import os
import ssl
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from community.badges import BadgeKey
from community.ids import KioskId, SpaceId
from community.wire.codec import Unreadable, decode, encode
from community.wire.enrolment import (
    Ask,
    Authority,
    Code,
    Enrol,
    Enrolled,
    Refused,
    Standing,
    asking,
    pin_of,
)
from kiosk.errors import EnrolmentError, EnrolmentFault
from plumbing.errors import LineError
from plumbing.mqtt import Broker
from plumbing.secrets import put
from plumbing.signing import SigningKey
from plumbing.tls import fingerprint_of, look_at_dates, trusting_nobody, trusting_only
from plumbing.words import Sentence, why

FILE = "enrolment.json"

PORT = 8443
"""Where the hub listens for kiosks unless the address says otherwise."""

ANSWER_S = 15.0
"""Seconds the hub may take: it writes the broker's files meanwhile."""

LARGEST_BYTES = 65_536
"""Nothing the hub answers here is larger."""

_FAULTS = {"code": EnrolmentFault.CODE, "over": EnrolmentFault.OVER, "slow": EnrolmentFault.SLOW}
"""What the hub's `Refused` means for the screen."""

Said = TypeVar("Said", bound=msgspec.Struct)


class Enrolment(msgspec.Struct, frozen=True):
    """What the file holds."""

    space: SpaceId
    kiosk: KioskId
    hub: str
    """The hub's address, `https://…`."""
    authority: str
    """The hub's certificate authority, in PEM: the only one this kiosk trusts."""
    broker_host: str
    broker_port: int
    username: str
    credential: int
    """Which of the kiosk's passwords it has."""
    password: str = ""
    private_key: str = ""
    badge_key: str = ""
    key_version: int = 1
    revoked: bool = False
    """Whether a host shut the kiosk out: the secrets are gone then."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say who it is, never a secret."""
        return f"Enrolment({self.space}, {self.kiosk}, {self.credential})"

    @property
    def broker(self) -> Broker:
        """Where the line leads."""
        return Broker(
            self.broker_host, self.broker_port, self.username, self.password, authority=self.authority
        )

    @property
    def badges(self) -> BadgeKey:
        """The space's badge key."""
        return BadgeKey(self.key_version, bytes.fromhex(self.badge_key))

    @property
    def without_secrets(self) -> "Enrolment":
        """What stays of it when the kiosk is shut out."""
        return msgspec.structs.replace(self, password="", private_key="", badge_key="", revoked=True)


def read(folder: Path) -> Enrolment | None:
    """Return how the kiosk with its notebook in `folder` was let in; `None` if it never was.

    Raises:
        EnrolmentError: The file cannot be read, or others may read it.
    """
    file = folder / FILE
    try:
        if not file.exists():
            return None
        if file.stat().st_mode & 0o077:
            raise EnrolmentError(
                Sentence("{file}: others may read this secret; run chmod 600 {file}", file=file)
            )
        return msgspec.json.decode(file.read_bytes(), type=Enrolment)
    except OSError as error:
        raise EnrolmentError(
            Sentence("{file}: the secret cannot be read: {why}", file=file, why=why(error))
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EnrolmentError(
            Sentence("{file}: this is not what the hub gave the kiosk; let it in again by a code", file=file)
        ) from error


def keep(folder: Path, enrolment: Enrolment) -> None:
    """Write the file; it belongs to whom the folder belongs to.

    Raises:
        EnrolmentError: It cannot be written; what was there is there still.
    """
    file = folder / FILE
    try:
        owner = folder.stat()
        put(file, msgspec.json.format(msgspec.json.encode(enrolment)).decode() + "\n")
        if os.geteuid() == 0:
            os.chown(file, owner.st_uid, owner.st_gid)
    except OSError as error:
        raise EnrolmentError(
            Sentence("{file}: the secret cannot be made: {why}", file=file, why=why(error))
        ) from error


def enrol(hub: str, code: Code, *, program: str, clock_is_right: bool) -> Enrolment:
    """Show a code to the hub, and return what it gives.

    Args:
        hub: Its address, `https://…`.
        code: With the fingerprint a host read out.
        program: The program's version.
        clock_is_right: Whether the dates of certificates can be judged.

    Raises:
        EnrolmentError: What is wrong, and what to do.  The code's secret was said to nobody but the hub
            whose fingerprint is in it.
    """
    host, port = _place(hub)
    found = _ask(host, port, trusting_nobody(), "GET", "/authority", b"", Authority)
    fingerprint = fingerprint_of(found.certificate)
    if fingerprint is None or pin_of(fingerprint) != code.pin:
        raise EnrolmentError(
            Sentence(
                "{host} is not the hub that this code is from. Type the code again, its last four groups "
                "above all; if it is right, somebody else answers in the hub's place: tell a host, "
                "and do not go on",
                host=host,
            ),
            EnrolmentFault.OTHER_HUB,
        )
    key = SigningKey.make()
    asked = Enrol(code.name, code.secret, key.public, program)
    context = _trusting(found.certificate, clock_is_right=clock_is_right)
    given = _ask(host, port, context, "POST", "/enrol", encode(asked), Enrolled)
    return Enrolment(
        given.space,
        given.kiosk,
        f"https://{host if ':' not in host else f'[{host}]'}:{port}",
        found.certificate,
        given.broker_host or host,
        given.broker_port,
        given.username,
        given.credential,
        given.password,
        key.secret,
        given.badge_key,
        given.key_version,
    )


def is_revoked(enrolment: Enrolment, *, clock_is_right: bool) -> bool:
    """Ask the hub whether this kiosk was shut out.

    Raises:
        EnrolmentError: It does not say.
    """
    host, port = _place(enrolment.hub)
    signature = SigningKey(enrolment.private_key).sign(
        asking(enrolment.space, enrolment.kiosk, enrolment.credential)
    )
    context = _trusting(enrolment.authority, clock_is_right=clock_is_right)
    asked = Ask(enrolment.kiosk, enrolment.credential, signature)
    return _ask(host, port, context, "POST", "/standing", encode(asked), Standing).revoked


def _trusting(authority: str, *, clock_is_right: bool) -> ssl.SSLContext:
    try:
        context = trusting_only(authority)
    except LineError as error:
        raise EnrolmentError(*error.args) from error
    look_at_dates(context, dates_count=clock_is_right)
    return context


def _place(hub: str) -> tuple[str, int]:
    parts = urlsplit(hub if "//" in hub else f"https://{hub}")
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if parts.scheme != "https" or not host:
        raise EnrolmentError(
            Sentence("{hub!r} is no address of a hub; write it like https://hub.local", hub=hub)
        )
    return host, port


def _ask(
    host: str, port: int, context: ssl.SSLContext, method: str, path: str, body: bytes, kind: type[Said]
) -> Said:
    place = f"{host}:{port}"
    line = http.client.HTTPSConnection(host, port, timeout=ANSWER_S, context=context)
    try:
        line.request(method, path, body or None, {"content-type": "application/json"} if body else {})
        response = line.getresponse()
        status, answer = response.status, response.read(LARGEST_BYTES)
    except ssl.SSLCertVerificationError as error:
        raise EnrolmentError(
            Sentence(
                "{place}: the hub's certificate does not hold ({error}). If the address is not one it knows, "
                "add it to names in [kiosks] in the hub's settings and restart the hub",
                place=place,
                error=error.verify_message,
            )
        ) from error
    except ssl.SSLError as error:
        raise EnrolmentError(
            Sentence(
                "{place}: no encrypted line was made ({error}): is this the hub's port for kiosks?",
                place=place,
                error=error.reason or error,
            )
        ) from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise EnrolmentError(
            Sentence(
                "no hub answers at {place} ({why}): check the address, and that [kiosks] broker_folder "
                "is set there",
                place=place,
                why=why(error) if isinstance(error, OSError) else type(error).__name__,
            ),
            EnrolmentFault.NO_ANSWER,
        ) from error
    finally:
        line.close()
    if status != http.client.OK:
        refused = decode(answer, Refused)
        raise EnrolmentError(_refusal(place, refused), _FAULTS.get(refused.reason, EnrolmentFault.OTHER))
    message = decode(answer, kind)
    if isinstance(message, Unreadable):
        raise EnrolmentError(
            Sentence(
                "{place}: what answers is no hub this program knows: {why}", place=place, why=message.reason
            )
        )
    return message


def _refusal(place: str, refused: Refused | Unreadable) -> Sentence:
    match refused.reason:
        case "code":
            return Sentence(
                "the hub does not know this code: type it again, or ask a host for a new one. "
                "After five wrong tries a code is over"
            )
        case "over":
            return Sentence("this code is over: a code is good for fifteen minutes. Ask a host for a new one")
        case "slow":
            return Sentence(
                "the hub has seen too many wrong codes from here: wait five minutes and try again"
            )
        case "message":
            return Sentence("the hub does not understand this kiosk: update the older of the two")
        case "hub":
            return Sentence("the hub cannot let anybody in now: its log says why. The code may be used up")
        case _:
            return Sentence("{place}: what answers there is no hub, or cannot let kiosks in", place=place)
