"""The broker: whether it is there, lets us in, and carries a message; and what the hub says on it.

Everything said goes to a topic of our own that nobody listens to, under a client id of our own:
a kiosk or hub that runs is not disturbed.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from community.ids import SpaceId
from community.wire.codec import Unreadable, decode
from community.wire.messages import Status
from community.wire.topics import doctor_topic, hub_topic
from foyer.doctor.findings import Finding, Say, broken, notice, works
from foyer.doctor.handshake import Answer, Step, shake_hands
from foyer.doctor.premises import Premises
from plumbing.errors import LineError, SettingsError
from plumbing.mqtt import Broker, Callbacks, Line, Will
from plumbing.words import said

LATEST_S = 8.0
"""Seconds a message may take to the broker and back, the falling back to 3.1.1 included."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of speaking on the line."""

    echo: bool
    """Our own message came back: we may publish and subscribe."""
    hub: Status | None
    """What the hub has said of itself; `None` for nothing."""


async def check(premises: Premises, say: Say) -> list[Finding]:
    """Say how the broker is, for each program of this machine as its own user."""
    found: list[Finding] = []
    kiosk, hub, papers = premises.kiosk, premises.hub, premises.papers
    if kiosk is not None and (papers is None or not papers.revoked):
        found += await _check_as(
            say("kiosk"),
            kiosk.broker.line if papers is None else lambda: papers.broker,
            kiosk.broker.password_file,
            kiosk.space.id,
            doctor_topic(kiosk.space.id, kiosk.id),
            say,
        )
    if hub is not None:
        if hub.broker.embedded and not hub.broker.port:
            found.append(notice(say("The hub runs a broker of its own, on a port known only while it runs.")))
        else:
            found += await _check_as(
                say("hub"),
                hub.broker.line,
                hub.broker.password_file,
                hub.space.id,
                doctor_topic(hub.space.id, None),
                say,
            )
    return found


async def speak(broker: Broker, space: SpaceId, topic: str) -> Heard:
    """Say something to ourselves, and listen to what the hub has said of itself.

    Raises:
        LineError: The certificate authority cannot be read.
    """
    word = secrets.token_bytes(8)
    echo = asyncio.Event()
    hub: list[Status] = []

    def message(place: str, payload: bytes) -> None:
        if place == topic and payload == word:
            echo.set()
        elif place == hub_topic(space):
            status = decode(payload, Status)
            if not isinstance(status, Unreadable):
                hub.append(status)

    line = Line(
        broker,
        _client_id(),
        # The retained word of the hub comes before our own: the broker keeps the order.
        filters=[hub_topic(space), topic],
        will=Will(topic, b""),
        callbacks=Callbacks(message, lambda: _say(line, topic, word), lambda _reason: None),
    )
    line.start()
    try:
        async with asyncio.timeout(LATEST_S):
            await echo.wait()
    except TimeoutError:
        pass
    finally:
        await line.stop()
    return Heard(echo.is_set(), hub[-1] if hub else None)


def of_handshake(answer: Answer, broker: Broker, who: str, say: Say) -> Finding:
    """Say how far the handshake came."""
    place = f"{broker.host}:{broker.port}"
    match answer.step:
        case Step.IN:
            return works(
                say("The broker at {place} speaks MQTT {version} and lets the {who} in.").format(
                    place=place, version=answer.version, who=who
                )
            )
        case Step.NO_SUCH_NAME:
            return broken(
                say("The broker's name {host} is not known in this network.").format(host=broker.host),
                say("Write its address instead, under [broker] host."),
            )
        case Step.NOBODY:
            return broken(
                say("Nobody answers at the broker's address {place} ({reason}).").format(
                    place=place, reason=answer.detail
                ),
                say("On the hub's machine: sudo systemctl status mosquitto. Check [broker] host and port."),
            )
        case Step.SILENT:
            return broken(
                say("Something listens at {place} but says nothing.").format(place=place),
                say("Check [broker] port and ca_file: a line with encryption needs the other port."),
            )
        case Step.TLS:
            return broken(
                say("The encrypted line to {place} was not made ({reason}).").format(
                    place=place, reason=answer.detail
                ),
                say("Check [broker] ca_file and port, and this machine's clock."),
            )
        case Step.NOT_MQTT:
            return broken(
                say("What answers at {place} is not an MQTT broker.").format(place=place),
                say("Check [broker] host and port; with encryption, ca_file too."),
            )
        case Step.REFUSED:
            return broken(
                say("The broker at {place} does not let the {who} in.").format(place=place, who=who),
                say(
                    "Check [broker] username and password_file; to make a new password on the hub's machine: "
                    "sudo foyer-add-kiosk"
                ),
            )
        case Step.OTHER:
            return broken(
                say("The broker at {place} refuses ({reason}).").format(place=place, reason=answer.detail),
                say("Its log says why: sudo journalctl -u mosquitto"),
            )
        case _:
            assert_never(answer.step)


def of_hub(hub: Status | None, space: SpaceId, say: Say) -> Finding:
    """Say what the hub has said of itself on the broker."""
    if hub is None:
        return notice(
            say("No hub has spoken on this broker for the space {space}.").format(space=space),
            say("Start the hub, and check that [space] id is the same there."),
        )
    if not hub.online:
        return notice(
            say("The hub is not on the line now."),
            say("On its machine: sudo systemctl status foyer-hub. The kiosk goes on and keeps every tap."),
        )
    return works(
        say("The hub is on the line: Foyer {version}, directory revision {revision}.").format(
            version=hub.program or "?", revision=hub.revision
        )
    )


async def _check_as(
    who: str, line: Callable[[], Broker], password_file: str, space: SpaceId, topic: str, say: Say
) -> list[Finding]:
    try:
        broker = line()
    except SettingsError as error:
        cure = say("Check [broker] password_file, and that the user foyer may read it.")
        if isinstance(error.__cause__, PermissionError):
            return [
                notice(
                    say("This user may not read the broker's password, so the broker was not asked."),
                    say("Run it as the administrator: sudo foyer doctor"),
                )
            ]
        what = say("The broker's password cannot be read: {error}.").format(error=said(error, say))
        return [broken(what, cure)]
    found = _of_password_file(password_file, say)
    if broker.ca_file is not None and not broker.ca_file.is_file():
        return [
            *found,
            broken(
                say("There is no certificate authority {file}.").format(file=broker.ca_file),
                say("Copy it from the hub's machine, or check [broker] ca_file."),
            ),
        ]
    answer = await asyncio.to_thread(shake_hands, broker, _client_id())
    found.append(of_handshake(answer, broker, who, say))
    if answer.step is not Step.IN:
        return found
    try:
        heard = await speak(broker, space, topic)
    except LineError as error:
        return [
            *found,
            broken(
                say("The line to the broker cannot be set up: {error}.").format(error=said(error, say)),
                say("Check [broker] ca_file."),
            ),
        ]
    if heard.echo:
        found.append(works(say("The {who} may speak and listen on the broker.").format(who=who)))
    else:
        found.append(
            broken(
                say("The broker lets the {who} in, but carries nothing for it.").format(who=who),
                say(
                    "Check the broker's acl file: a kiosk's user name is its id, the hub's is foyer_hub, "
                    "and the space's id stands in it."
                ),
            )
        )
    found.append(of_hub(heard.hub, space, say))
    return found


def _of_password_file(file: str, say: Say) -> list[Finding]:
    if not file or not Path(file).stat().st_mode & 0o007:
        return []
    return [
        notice(
            say("Anybody on this machine may read the broker's password in {file}.").format(file=file),
            say("Run: sudo chmod 640 {file}").format(file=file),
        )
    ]


def _say(line: Line, topic: str, word: bytes) -> None:
    line.publish(topic, word)


def _client_id() -> str:
    return f"foyer-doctor-{secrets.token_hex(4)}"
