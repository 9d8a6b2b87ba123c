"""What can come of a try to send a notice.

Pure: the process that sends has no database.
"""

from enum import Enum


class Outcome(Enum):
    """What came of a try."""

    NONE = ""
    """There was none yet."""
    SENT = "sent"
    REFUSED = "refused"
    """The service did not take it, or could not be reached."""
    SLOW = "slow"
    """It did not answer in time."""
    INWARD = "inward"
    """A member's address leads into this house: nothing was sent."""
    ADDRESS = "address"
    """It is no address the program understands."""
    NO_MAIL = "no_mail"
    """No channel of the space carries e-mail."""
    UNTRUE = "untrue"
    """It was no longer true, or no longer allowed: nothing was sent."""
