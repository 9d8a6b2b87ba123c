"""Who may come to the broker: kiosks are let in by a code, given new passwords, and shut out.

The database is the truth; Mosquitto's files are written from it whenever it changes, and at every start, so
that a hub that was cut off half-way ends up right.
"""

import asyncio
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from community.ids import KioskId
from community.wire.codec import encode
from community.wire.enrolment import Code, Enrol, Enrolled, asking, pin_of
from community.wire.messages import Order, Status
from community.wire.topics import Word, kiosk_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.secrets import load_or_make
from plumbing.signing import is_signed
from sync import mosquitto
from sync.brokerfiles import BrokerFiles, logins_of
from sync.settings import HubSettings
from sync.store import codes, credentials, deeds
from sync.store.codes import Purpose, Tried
from sync.store.deeds import Deed

log = logging.getLogger(__name__)

WIPE_S = 3.0
"""Seconds a kiosk that is shut out has to hear of it before its line is cut."""

USUAL_PORT = 8443
"""On which kiosks look for the hub if its address names no other."""

KEY_VERSION = 1
"""Of the space's badge key; see `community.badges.FIRST_KEY_VERSION`."""


class Gate:
    """Lets kiosks in and shuts them out.  Lives as long as the hub."""

    def __init__(
        self,
        settings: HubSettings,
        database: Database,
        clock: Clock,
        publish: Callable[[str, bytes], bool],
    ) -> None:
        """Make what is missing.

        Raises:
            SettingsError: As `BrokerFiles` says.
        """
        self._settings, self._database, self._clock, self._publish = settings, database, clock, publish
        self.files = BrokerFiles(settings)
        self._badge_key = load_or_make(Path(settings.badge_key_file)).hex()
        self._writing = asyncio.Lock()
        self._renewals: dict[KioskId, Order] = {}
        """New passwords that were told and not used yet; the database has only their hashes."""
        self._leaving: dict[KioskId, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where kiosks show their codes, as a host reads it out."""
        names = self._settings.kiosks.names or (f"{socket.gethostname()}.local",)
        port = self._settings.kiosks.port
        return f"https://{names[0]}" + ("" if port == USUAL_PORT else f":{port}")

    @property
    def authority(self) -> str:
        """The certificate authority, in PEM."""
        return self.files.authority.certificate

    async def refresh(self) -> None:
        """Bring the broker's files up to date with the database.

        Raises:
            SettingsError: They cannot be written.
            DatabaseError: Who may come in is not known.
        """
        async with self._writing:
            logins = logins_of(await self._database.read(credentials.good))
            if await asyncio.to_thread(self.files.write, logins):
                await asyncio.to_thread(self.files.reload)

    async def make_code(self, kiosk: KioskId, host: str) -> Code:
        """Return a code with which one kiosk is let in; `host` is the login of who asked for it."""
        pin, now_us = pin_of(self.files.authority.fingerprint), self._clock.now_us()

        def work(connection: Connection) -> Code:
            deeds.note(connection, now_us, Deed.KIOSK_CODE, host, kiosk)
            return codes.make(connection, Purpose.KIOSK, kiosk, host, now_us, pin)

        return await self._database.write(work)

    async def enrol(self, asked: Enrol) -> Enrolled | Tried:
        """Let in whoever has the code."""
        password, now_us = secrets.token_urlsafe(32), self._clock.now_us()
        hashed = mosquitto.password_hash(password, secrets.token_bytes(mosquitto.SALT_BYTES))

        def work(connection: Connection) -> tuple[KioskId, int] | Tried:
            used = codes.use(connection, Purpose.KIOSK, asked.name, asked.secret, now_us)
            if isinstance(used, Tried):
                return used
            kiosk = KioskId(used.subject)
            deeds.note(connection, now_us, Deed.KIOSK_ENROLLED, used.made_by, kiosk)
            return kiosk, credentials.issue(connection, kiosk, hashed, asked.public_key, now_us)

        done = await self._database.write(work)
        if isinstance(done, Tried):
            return done
        kiosk, number = done
        log.info("kiosk %s: let in with its password number %s", kiosk, number)
        await self.refresh()
        space, kiosks = self._settings.space.id, self._settings.kiosks
        return Enrolled(
            space,
            kiosk,
            kiosks.broker_port,
            mosquitto.username(space, kiosk, number),
            password,
            number,
            self._badge_key,
            KEY_VERSION,
            kiosks.broker_host,
        )

    async def renew(self, kiosk: KioskId, host: str) -> bool:
        """Give a kiosk a new password beside the one it has; `False` if it is not in.

        The old one is good until the new one is first used, so a kiosk that is away loses nothing.
        """
        password, now_us = secrets.token_urlsafe(32), self._clock.now_us()
        hashed = mosquitto.password_hash(password, secrets.token_bytes(mosquitto.SALT_BYTES))

        def work(connection: Connection) -> int | None:
            last = credentials.last_of(connection, kiosk)
            if last is None or last.ended_us is not None:
                return None
            deeds.note(connection, now_us, Deed.KIOSK_RENEWED, host, kiosk)
            return credentials.issue(connection, kiosk, hashed, last.public_key, now_us)

        number = await self._database.write(work)
        if number is None:
            return False
        await self.refresh()
        name = mosquitto.username(self._settings.space.id, kiosk, number)
        self._renewals[kiosk] = Order(username=name, password=password, credential=number)
        self._tell(kiosk, self._renewals[kiosk])
        return True

    async def revoke(self, kiosk: KioskId, host: str) -> bool:
        """Shut a kiosk out; `False` if it was not in.  It is told before its line is cut."""
        now_us = self._clock.now_us()

        def work(connection: Connection) -> bool:
            done = credentials.end(connection, kiosk, now_us)
            if done:
                deeds.note(connection, now_us, Deed.KIOSK_REVOKED, host, kiosk)
            return done

        if not await self._database.write(work):
            return False
        log.info("kiosk %s: shut out", kiosk)
        self._renewals.pop(kiosk, None)
        leaving = self._leaving[kiosk] = asyncio.Event()
        try:
            if self._tell(kiosk, Order(revoked=True)):
                with suppress(TimeoutError):
                    async with asyncio.timeout(WIPE_S):
                        await leaving.wait()
        finally:
            del self._leaving[kiosk]
            await self.refresh()
        return True

    async def is_revoked(self, kiosk: KioskId, number: int, signature: str) -> bool:
        """Say whether a kiosk was shut out, to itself only."""
        last = await self._database.read(lambda c: credentials.last_of(c, kiosk))
        if last is None or last.ended_us is None:
            return False
        return is_signed(last.public_key, signature, asking(self._settings.space.id, kiosk, number))

    def heard(self, kiosk: KioskId, status: Status) -> None:
        """Take in what a kiosk said of itself: with which password it came in, or that it leaves."""
        if not status.online:
            if kiosk in self._leaving:
                self._leaving[kiosk].set()
            return
        renewal = self._renewals.get(kiosk)
        if renewal is not None and status.credential < renewal.credential:
            self._tell(kiosk, renewal)
        if status.credential:
            task = asyncio.get_running_loop().create_task(
                self._came_in(kiosk, status.credential), name="kiosk-came-in"
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _came_in(self, kiosk: KioskId, number: int) -> None:
        now_us = self._clock.now_us()
        try:
            if await self._database.write(lambda c: credentials.used(c, kiosk, number, now_us)):
                await self.refresh()
        except Exception:  # a kiosk says it again each minute, and nobody waits for this
            log.exception("kiosk %s: that it came in was not noted", kiosk)
            return
        if number >= self._renewals.get(kiosk, Order()).credential:
            self._renewals.pop(kiosk, None)

    def _tell(self, kiosk: KioskId, order: Order) -> bool:
        return self._publish(kiosk_topic(self._settings.space.id, kiosk, Word.ORDER), encode(order))
