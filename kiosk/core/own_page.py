"""The way from the door to a member's own page: an address, shown as a QR code beside their greeting.

Pure: whoever makes the addresses comes in as an argument (`kiosk.passes`).
"""

from collections.abc import Callable

from community.ids import MemberId
from community.members import Space

Address = Callable[[Space, MemberId], str]
"""Returns where a member's own page is, with a code that is good once; empty for nowhere."""


def nowhere(_space: Space, _member: MemberId) -> str:
    """Return no address: for a kiosk whose space has no pages for members."""
    return ""
