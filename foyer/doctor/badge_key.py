"""The space's secret: private, whole, and the same for kiosk and hub.  It is never shown."""

import hashlib
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken, notice, works
from plumbing.errors import SettingsError
from plumbing.secrets import load_or_make

FINGERPRINT_DIGITS = 8
"""32 bits: two keys that differ are told apart, and nothing is learnt of 256 random bits."""


def check(kiosk_file: Path | None, hub_file: Path | None, say: Say) -> list[Finding]:
    """Say how the key files named in the settings are."""
    files = list(dict.fromkeys(file for file in (kiosk_file, hub_file) if file is not None))
    found, prints = [], set()
    for file in files:
        finding, mark = _look(file, say)
        found.append(finding)
        if mark:
            prints.add(mark)
    if len(prints) > 1:
        found.append(
            broken(
                say("Kiosk and hub have different badge keys: no badge will be known."),
                say("Copy the hub's file to the kiosk, with: sudo install -o foyer -g foyer -m 600"),
            )
        )
    return found


def fingerprint(secret: bytes) -> str:
    """Return a few digits that are the same wherever the key is, such as `1a2b-3c4d`."""
    digest = hashlib.sha256(b"foyer badge key fingerprint\0" + secret).hexdigest()[:FINGERPRINT_DIGITS]
    return f"{digest[:4]}-{digest[4:]}"


def _look(file: Path, say: Say) -> tuple[Finding, str]:
    try:
        if not file.exists():
            return notice(
                say("There is no badge key {file} yet.").format(file=file),
                say("The hub makes it at its first start; copy that file to every kiosk."),
            ), ""
        mark = fingerprint(load_or_make(file))  # it exists, so nothing is made
    except PermissionError:
        return _not_ours(file, say), ""
    except SettingsError as error:
        if isinstance(error.__cause__, PermissionError):
            return _not_ours(file, say), ""
        if error.__cause__ is None and file.stat().st_mode & 0o077:
            return broken(
                say("Others on this machine may read the badge key {file}.").format(file=file),
                say("Run: sudo chmod 600 {file}").format(file=file),
            ), ""
        return broken(
            say("{file} is not a badge key.").format(file=file),
            say("Copy it again from the hub; on the hub, restore it from the backup."),
        ), ""
    return works(
        say(
            "The badge key {file} is private and whole; its fingerprint {mark} must be the same on the hub "
            "and on every kiosk."
        ).format(file=file, mark=mark)
    ), mark


def _not_ours(file: Path, say: Say) -> Finding:
    return notice(
        say("This user may not read the badge key {file}, as it should be.").format(file=file),
        say("To compare its fingerprint: sudo foyer doctor"),
    )
