"""The addresses of members' own pages, each with a code that is good once: made here, without the hub.

Lives as long as the kiosk; asked once for each greeting or card that is shown.
"""

import secrets

from community.badges import BadgeKey
from community.ids import KioskId, MemberId, SpaceId
from community.members import Space
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from kiosk.papers import Papers
from plumbing.clock import Clock

PATH = "/ME/"
"""In capitals, like the rest: a QR code of capitals only needs a third less room."""


class Passes:
    """Makes the addresses."""

    def __init__(
        self, space: SpaceId, kiosk: KioskId, key: BadgeKey, papers: Papers | None, clock: Clock
    ) -> None:
        """Prepare.

        Args:
            space: The space's id.
            kiosk: This kiosk's.
            key: The space's badge secret: proves what a kiosk without papers says.
            papers: With which this kiosk signs; `None` if the hub never let it in.
            clock: The machine's clocks.
        """
        self._space, self._kiosk, self._key, self._papers, self._clock = space, kiosk, key, papers, clock

    def address(self, space: Space, member: MemberId) -> str:
        """Return where a member's own page is, with a new code; empty where there is none to be had.

        There is none where the space has no address, and for a kiosk that was shut out.  A clock that nobody
        sets does no harm: the kiosk tells the hub what time it takes it to be, so the hub can allow for it.
        """
        if not space.address:
            return ""
        means = Means.KEYED if self._papers is None else Means.SIGNED
        issued_s = int(self._clock.at().timestamp())
        claim = claim_of(means, issued_s, secrets.token_bytes(NONCE_BYTES), self._kiosk, member)
        message = what_is_proved(self._space, member, claim)
        papers = self._papers
        proof = keyed_proof(self._key.secret, message) if papers is None else papers.sign(message)
        return f"{space.address.rstrip('/').upper()}{PATH}{written(claim, proof)}" if proof else ""
