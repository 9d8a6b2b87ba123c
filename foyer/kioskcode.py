"""`foyer hub kiosk-code`: a code for a kiosk, made at the hub's own machine instead of on the dashboard."""

from pathlib import Path

from sqlalchemy import Connection

from community.ids import KioskId
from community.wire.enrolment import Code, pin_of
from community.wire.topics import NAME
from foyer.errors import UsageError
from foyer.language import tell
from foyer.visiting import hub_database, hub_settings
from plumbing.clock import Clock
from plumbing.words import Sentence
from sync.authority import Authority
from sync.store import codes, deeds
from sync.store.codes import Purpose
from sync.store.deeds import BY_COMMAND, Deed


def make_kiosk_code(settings_file: Path, name: str) -> None:
    """Make a code, and print it on a line of its own before anything else.

    Raises:
        UsageError, SettingsError, DatabaseError: There is none.
    """
    settings = hub_settings(settings_file)
    if not settings.kiosks.broker_folder:
        raise UsageError(Sentence("{file}: set broker_folder in [kiosks] first", file=settings_file))
    if not NAME.fullmatch(name):
        raise UsageError(
            Sentence("{name!r} cannot be a kiosk's name: 1 to 32 of a-z, 0-9 and '-'", name=name)
        )
    pin = pin_of(Authority(Path(settings.kiosks.authority_folder), settings.space.id).fingerprint)
    now_us, kiosk = Clock().stamp().wall_us, KioskId(name)

    def work(connection: Connection) -> Code:
        deeds.note(connection, now_us, Deed.KIOSK_CODE, BY_COMMAND, kiosk)
        return codes.make(connection, Purpose.KIOSK, kiosk, BY_COMMAND, now_us, pin)

    with hub_database(settings) as database:
        code = database.write_now(work)
    print(code.told)
    tell(Sentence("On the kiosk's machine, within a quarter of an hour: sudo foyer enrol HUB'S-ADDRESS CODE"))
