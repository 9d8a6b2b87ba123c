"""`foyer hub backup` and `foyer hub restore`: the commands around `sync.backup`."""

from collections.abc import Mapping
from pathlib import Path

from foyer.errors import UsageError
from foyer.language import speaker, tell
from foyer.visiting import hub_settings
from plumbing.words import Sentence
from sync import backup
from sync.bootstrap import MIGRATIONS
from sync.settings import HubSettings


def back_up(settings_file: Path | None, file: Path) -> None:
    """Write a backup, and say what is in it.

    Raises:
        UsageError, SettingsError, BackupError, DatabaseError: There is none.
    """
    manifest = backup.back_up(_settings(settings_file), file, MIGRATIONS)
    tell(
        Sentence("{file}: the backup is made and checked. {counts}", file=file, counts=_told(manifest.counts))
    )
    tell(Sentence("It holds the members' data and the badge key: keep it where only you can read it."))


def restore(settings_file: Path | None, file: Path) -> None:
    """Put a backup in place, and say what became of what was there.

    Raises:
        UsageError, SettingsError, BackupError, DatabaseError: Nothing was changed.
    """
    done = backup.restore(_settings(settings_file), file, MIGRATIONS)
    at = f"{done.manifest.at.astimezone():%Y-%m-%d %H:%M}"
    tell(
        Sentence(
            "{file}: restored, as of {at}. {counts}", file=file, at=at, counts=_told(done.manifest.counts)
        )
    )
    for kept in done.kept:
        tell(Sentence("What was there before is kept: {kept}", kept=kept))
    if done.erased:
        tell(Sentence("People erased since then were erased again: {count}.", count=done.erased))
    tell(Sentence("Start the hub: kiosks send again what it has not got."))


def _settings(file: Path | None) -> HubSettings:
    if file is None:
        raise UsageError(Sentence("there are no settings of a hub here: name their file with --settings"))
    return hub_settings(file)


def _told(counts: Mapping[str, int]) -> str:
    return speaker()(
        "Events: {events}, members: {members}, badges: {badges}, hosts: {hosts}, in quarantine: {quarantine}."
    ).format(**{name: counts.get(name, 0) for name in backup.COUNTED})
