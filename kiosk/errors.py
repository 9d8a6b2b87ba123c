"""What can go wrong in the kiosk, beyond what its devices and its database say themselves."""


class KioskError(Exception):
    """Base of everything this package raises."""


class LogError(KioskError):
    """The log on the disk is not one this program wrote; the message says what to do."""


class EnrolmentError(KioskError):
    """The kiosk is not let in, or what lets it in cannot be read or kept; the message says what to do."""
