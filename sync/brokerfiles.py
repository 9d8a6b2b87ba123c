"""Mosquitto's files in their folder, written whole and only when they change."""

import hashlib
import logging
import os
import secrets
import signal
from pathlib import Path

from plumbing.errors import SettingsError
from plumbing.secrets import put
from plumbing.words import Sentence, why
from sync import mosquitto
from sync.authority import Authority, own_names
from sync.settings import HubSettings
from sync.store import credentials

log = logging.getLogger(__name__)

SHARED = 0o640
"""Rights of the broker's files: its group reads them, through the folder's."""

OPEN_TO_GROUP = 0o750
"""Rights of their folder."""

CHANGED = "changed"
"""A file that is written last, for whoever has the broker read its files again."""


class BrokerFiles:
    """Mosquitto's files in their folder, and the authority behind its certificate."""

    def __init__(self, settings: HubSettings, folder: Path | None = None) -> None:
        """Make the authority if there is none.

        Args:
            settings: With `[kiosks] broker_folder`.
            folder: Another place for the files.

        Raises:
            SettingsError: The authority cannot be read or made, or the hub's password cannot be read.
        """
        self._settings = settings
        self.folder = (folder or Path(settings.kiosks.broker_folder)).absolute()
        self.authority = Authority(Path(settings.kiosks.authority_folder), settings.space.id)
        hub = settings.broker.line()
        # The salt must stay the same, or the file would change each time; the password is random, so it may.
        salt = hashlib.sha256(b"foyer hub" + self.authority.fingerprint).digest()
        self._hub = (hub.username, mosquitto.password_hash(hub.password, salt[: mosquitto.SALT_BYTES]))
        self._home = self._home_of(settings)

    def write(self, logins: tuple[mosquitto.Login, ...]) -> bool:
        """Bring every file up to date; return whether any changed.

        Raises:
            SettingsError: The folder cannot be written.
        """
        try:
            return self._write(logins)
        except OSError as error:
            raise SettingsError(
                Sentence(
                    "{folder}: the broker's files cannot be written: {why}",
                    folder=self.folder,
                    why=why(error),
                )
            ) from error

    def _write(self, logins: tuple[mosquitto.Login, ...]) -> bool:
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.folder.chmod(OPEN_TO_GROUP)  # the umask of the service would keep the broker out
        certificate, kiosks, broker = (
            self.folder / mosquitto.CERTIFICATE,
            self._settings.kiosks,
            self._settings.broker,
        )
        before = certificate.read_text() if certificate.exists() else ""
        server = self.authority.server((*own_names(), *kiosks.names), before)
        changed = False
        if server is not None:
            put(self.folder / mosquitto.KEY, server.key, SHARED)
            put(certificate, server.certificate, SHARED)
            changed = True
        space, plain = self._settings.space.id, None if broker.ca_file else broker.port
        for name, text in (
            (mosquitto.CONF, mosquitto.settings(self.folder, kiosks.broker_port, plain)),
            (mosquitto.RULES, mosquitto.rules(space, self._hub[0], logins, self._home)),
            (mosquitto.PASSWORDS, mosquitto.passwords(space, self._hub, logins, self._home)),
        ):
            file = self.folder / name
            if not file.exists() or file.read_text() != text:
                put(file, text, SHARED)
                changed = True
        return changed

    def _home_of(self, settings: HubSettings) -> mosquitto.Home | None:
        """Return the Home Assistant that is told; `None` for none."""
        ours = settings.home_assistant
        if not ours.discovery:
            return None
        salt = hashlib.sha256(b"home assistant" + self.authority.fingerprint).digest()
        secret = mosquitto.password_hash(ours.password, salt[: mosquitto.SALT_BYTES]) if ours.username else ""
        return mosquitto.Home(ours.prefix, ours.username, secret)

    def reload(self) -> None:
        """Have the broker read its files again, or leave word that it should."""
        put(self.folder / CHANGED, secrets.token_hex(8) + "\n", SHARED)
        pid_file = self._settings.kiosks.pid_file
        if not pid_file:
            return
        try:
            os.kill(int(Path(pid_file).read_text()), signal.SIGHUP)
        except (OSError, ValueError) as error:
            log.warning("%s: the broker was not told to read its files again: %s", pid_file, error)


def logins_of(good: tuple[credentials.Credential, ...]) -> tuple[mosquitto.Login, ...]:
    """Return who may come in, as the broker's files want it."""
    return tuple(mosquitto.Login(each.kiosk, each.number, each.password) for each in good)
