"""Badges that cannot be copied, for measuring: programmed as the command does it, asked as a kiosk asks."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from hardware.proving import META_KEY, MUTUAL_KEY, SUN_KEY, BadgeKeys, prover
from hardware.provisioning import KeySet, program
from hardware.reader import Prove
from hardware.secure_badge import KEY_BYTES
from hardware.uid import Uid
from hardware.virtual.cards import SecureBadge
from hardware.virtual.ntag424 import Ntag424

SECRET = KeySet(1, tuple(bytes([number + 1]) * KEY_BYTES for number in range(5)))
"""The same keys for every badge: how they are made is not what is measured."""


@dataclass(frozen=True, slots=True)
class Ring:
    """What a kiosk would know of these badges; a `hardware.proving.Keys`."""

    mutual: bool = False
    """Whether every one of them is asked for more than a message."""

    @property
    def metas(self) -> Mapping[int, bytes]:
        """With what they encrypt who they are."""
        return {SECRET.version: SECRET.keys[META_KEY]}

    @property
    def some_hide(self) -> bool:
        """Whether any shows a random number."""
        return False

    def of(self, uid: bytes) -> BadgeKeys:  # noqa: ARG002 - the same for all
        """With what a badge is checked."""
        return BadgeKeys(SECRET.version, SECRET.keys[SUN_KEY], SECRET.keys[MUTUAL_KEY], self.mutual)


def programmed(uid: bytes) -> SecureBadge:
    """Return a badge with this number (7 bytes), ready for the door."""
    chip = Ntag424(uid)
    program(chip.command, SECRET, [], os.urandom)
    return SecureBadge(chip)


def asking(*, mutual: bool) -> Prove:
    """Return what a reader asks of such badges."""
    ring = Ring(mutual)
    return prover(lambda: ring, os.urandom)


def commands_of(*, mutual: bool) -> tuple[bytes, ...]:
    """Return what is said to a badge in one read, in order."""
    uid = bytes.fromhex("04112233445566")
    chip = Ntag424(uid)
    program(chip.command, SECRET, [], os.urandom)
    chip.field_off()
    said: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        said.append(command)
        return chip.command(command)

    asking(mutual=mutual)(Uid(uid), transmit)
    return tuple(said)
