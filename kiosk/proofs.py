"""What the reader asks secure badges for, with the keys that the feed brought; and what their answer means.

The keys are a copy that is replaced as a whole: the event loop teaches it, the reader's thread asks it.  It
lives as long as the kiosk, and is emptied with the directory when a host shuts the kiosk out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import assert_never

from community.badges import BadgeHash, BadgeKey
from community.events import BadgeProved
from community.proofs import Level, ProofFault, Shown, strongest
from community.reads import ClosedBadge, KnownBadge, Read
from community.secrets import BadgeSecret
from hardware.proving import BadgeKeys, prover
from hardware.reader import Proof, Prove, Proven, Unproven
from kiosk.core.directory import Directory


@dataclass(frozen=True, slots=True)
class _Held:
    """The keys of one moment: what `hardware.proving` asks."""

    key: BadgeKey
    secrets: Mapping[BadgeHash, BadgeSecret] = field(default_factory=dict, repr=False)
    mutual: frozenset[BadgeHash] = frozenset()
    """Badges for which a message is not enough."""
    metas: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    some_hide: bool = False

    def of(self, uid: bytes) -> BadgeKeys | None:
        """Return what the badge with this number is checked with."""
        if not self.secrets:
            return None
        hashed = self.key.hash(uid)
        secret = self.secrets.get(hashed)
        if secret is None:
            return None
        return BadgeKeys(secret.version, secret.sun, secret.mutual, hashed in self.mutual)


class Proofs:
    """Knows the keys of the moment."""

    def __init__(self, key: BadgeKey) -> None:
        """`key` is the space's, for hashing UIDs; no badge has a key before `know`."""
        self._key = key
        self._held = _Held(key)
        self.prove: Prove = prover(lambda: self._held, token_bytes)
        """What the reader asks a card that takes commands; from the reader's thread."""

    def know(self, directory: Directory) -> None:
        """Take the keys of a directory in the place of those before; on the event loop."""
        secrets = {badge: secret for badge, secret in directory.secrets.items() if badge in directory.badges}
        least = directory.space.badge_level
        self._held = _Held(
            self._key,
            secrets,
            frozenset(b for b in secrets if strongest(directory.badges[b].level, least) is Level.MUTUAL),
            {version: meta.secret for version, meta in directory.metas.items()},
            some_hide=any(secret.hides for secret in secrets.values()),
        )


def shown_by(proof: Proof | None) -> Shown | ProofFault | None:
    """Return what a reader's proof means to the rules."""
    match proof:
        case None:
            return None
        case Proven(key=key, counter=counter):
            return Shown(key, counter)
        case Unproven.FORGED:
            return ProofFault.FORGED
        case Unproven.WRONG_KEY:
            return ProofFault.WRONG_KEY
        case _:
            assert_never(proof)


def proved_by(read: Read, shown: Shown | ProofFault | None) -> tuple[BadgeProved, ...]:
    """Return what is to be written of a proof: that its message is spent, whoever brought it."""
    match read, shown:
        case ((KnownBadge(badge=badge) | ClosedBadge(badge=badge)), Shown(counter=int(counter))):
            return (BadgeProved(badge, counter),)
        case _:
            return ()
