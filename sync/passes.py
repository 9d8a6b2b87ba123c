"""Whether a code from the door opens a member's own page (`community.wire.passes`).

Decided inside the caller's transaction, in which a good code is used up.  Nobody is told why one is not good:
the answer is always to tap again.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Sequence
from enum import Enum

from sqlalchemy import Connection, select

from community.badges import BadgeKey
from community.ids import KioskId, MemberId, SpaceId
from community.wire.passes import (
    Means,
    Pass,
    keyed_proof,
    kiosk_mark,
    member_mark,
    read_pass,
    what_is_proved,
)
from plumbing.signing import is_signed
from sync.store import credentials, kiosks, own_pages
from sync.store.credentials import Credential
from sync.store.schema import members

SECOND_US = 1_000_000


class Refusal(Enum):
    """Why a code is not good: for the log, and for nobody else."""

    UNREADABLE = "it is none"
    OLD = "it is too old, or not yet good"
    UNPROVEN = "its proof is not right"
    NOBODY = "its member is not here"
    USED = "it was used before"


class Passes:
    """Takes codes.  Lives as long as the hub."""

    def __init__(self, space: SpaceId, key: BadgeKey, *, strangers: bool = True) -> None:
        """Prepare.

        Args:
            space: The space's id.
            key: Its badge secret.
            strangers: Whether kiosks that were never let in are believed.
        """
        self._space, self._key, self._strangers = space, key, strangers

    def take(self, connection: Connection, text: str, now_us: int) -> MemberId | Refusal:
        """Use a code up, and return whose page it opens.

        Args:
            connection: In a writing transaction.
            text: The code, as it stands in the address.
            now_us: Now, microseconds since 1970 UTC.
        """
        code = read_pass(text)
        if code is None:
            return Refusal.UNREADABLE
        if not code.is_fresh(now_us // SECOND_US - _behind_s(connection, code)):
            return Refusal.OLD
        member = _member(connection, code)
        if member is None:
            return Refusal.NOBODY
        if not self._is_proven(connection, code, member):
            return Refusal.UNPROVEN
        claim = hashlib.sha256(code.claim).hexdigest()
        return member if own_pages.use(connection, claim, now_us) else Refusal.USED

    def _is_proven(self, connection: Connection, code: Pass, member: MemberId) -> bool:
        message = what_is_proved(self._space, member, code.claim)
        let_in = _by_kiosk(credentials.every(connection))
        theirs = [each for kiosk, each in let_in.items() if kiosk_mark(kiosk) == code.kiosk]
        if code.means is Means.SIGNED:
            good = [one.public_key for each in theirs for one in each if one.ended_us is None]
            return any(is_signed(key, code.proof.hex(), message) for key in good)
        # Whoever was shut out still has the badge secret: from then on only signatures count.
        shut_out = any(all(one.ended_us is not None for one in each) for each in let_in.values())
        if not self._strangers or theirs or shut_out:
            return False
        return hmac.compare_digest(keyed_proof(self._key.secret, message), code.proof)


def _behind_s(connection: Connection, code: Pass) -> int:
    """Return by how many seconds the kiosk's clock is behind ours, if nothing sets it; 0 if it is set."""
    for heard in kiosks.every(connection):
        if kiosk_mark(heard.kiosk) == code.kiosk and heard.status.at_us and not heard.status.synced:
            return (heard.heard_us - heard.status.at_us) // SECOND_US
    return 0


def _member(connection: Connection, code: Pass) -> MemberId | None:
    ids = connection.execute(select(members.c.id)).scalars()
    found = [MemberId(each) for each in ids if member_mark(MemberId(each)) == code.member]
    return found[0] if len(found) == 1 else None


def _by_kiosk(every: Sequence[Credential]) -> dict[KioskId, list[Credential]]:
    found: dict[KioskId, list[Credential]] = defaultdict(list)
    for credential in every:
        found[credential.kiosk].append(credential)
    return found
