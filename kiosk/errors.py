"""What can go wrong in the kiosk, beyond what its devices and its database say themselves."""

from enum import Enum


class KioskError(Exception):
    """Base of everything this package raises."""


class LogError(KioskError):
    """The log on the disk is not one this program wrote; the message says what to do."""


class ShutOutError(KioskError):
    """A host shut this kiosk out, and it has forgotten whom it knew."""


class EnrolmentFault(Enum):
    """Why a kiosk is not let in, as far as its screen can say it."""

    CODE = "code"
    """The hub does not know the code."""
    OVER = "over"
    """It was used, is too old, or was tried too often."""
    SLOW = "slow"
    """Too many tries came from here."""
    OTHER_HUB = "other_hub"
    """Who answers is not the hub that the code is from."""
    NO_ANSWER = "no_answer"
    OTHER = "other"


class EnrolmentError(KioskError):
    """The kiosk is not let in, or what lets it in cannot be read or kept; the message says what to do."""

    def __init__(self, what: str, fault: EnrolmentFault = EnrolmentFault.OTHER) -> None:
        """`what` is a sentence for whoever typed the command, `fault` the same for the screen."""
        super().__init__(what)
        self.fault = fault
