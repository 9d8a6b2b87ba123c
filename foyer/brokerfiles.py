"""`foyer hub broker-config`: Mosquitto's files, before the hub runs for the first time or to look at them."""

from pathlib import Path

from foyer.errors import UsageError
from foyer.language import tell
from foyer.visiting import hub_database, hub_settings
from plumbing.words import Sentence
from sync import mosquitto
from sync.brokerfiles import BrokerFiles, logins_of
from sync.store import credentials


def write_broker_files(settings_file: Path, folder: Path | None) -> None:
    """Write them, and say where they are and what Mosquitto must be told.

    Raises:
        UsageError, SettingsError, DatabaseError: Nothing usable was written.
    """
    settings = hub_settings(settings_file)
    if not settings.kiosks.broker_folder and folder is None:
        raise UsageError(
            Sentence("{file}: name the folder, here or as broker_folder in [kiosks]", file=settings_file)
        )
    if not settings.broker.username or not settings.broker.password_file:
        raise UsageError(
            Sentence(
                "{file}: the hub must log in itself: set username and password_file in [broker]",
                file=settings_file,
            )
        )
    with hub_database(settings) as database:
        logins = logins_of(database.read_now(credentials.good))
    files = BrokerFiles(settings, folder)
    files.write(logins)
    kiosks = len({login.kiosk for login in logins})
    tell(
        Sentence(
            "{folder}: Mosquitto's files are written. Kiosks that may come in: {kiosks}.",
            folder=files.folder,
            kiosks=kiosks,
        )
    )
    tell(Sentence("Mosquitto reads them through {file}.", file=files.folder / mosquitto.CONF))
