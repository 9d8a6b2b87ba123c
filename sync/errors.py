"""What can go wrong in the hub, in sentences an operator or a host can act on."""


class SyncError(Exception):
    """Base of everything this package raises."""


class BrokerError(SyncError):
    """The embedded broker cannot be started as asked; the message says where and why."""


class DashboardError(SyncError):
    """The dashboard cannot be started as asked; the message says where and why."""


class BackupError(SyncError):
    """A backup cannot be made or restored; the message says why, and nothing was changed."""


class DirectoryError(SyncError):
    """A change of the directory was refused; nothing was changed."""


class BadgeTakenError(DirectoryError):
    """The badge is already linked to another member; the message names only its short code."""


class UnknownMemberError(DirectoryError):
    """There is no member with this id."""


class UnknownBadgeError(DirectoryError):
    """There is no linked badge with this hash; the message names only its short code."""


class MembersFileError(SyncError):
    """A members file cannot be read at all; the message says what to save it as."""


class MembersMovedError(SyncError):
    """A member was changed between the look at an import and the word to do it; nothing was changed."""


class TextError(SyncError):
    """What the text understanding was told to read cannot be read; the message says what and why."""


class EarlierError(SyncError):
    """What was kept of earlier years cannot be read by this version; the message says what to do."""


class PhotoError(SyncError):
    """A picture cannot be taken in; the message says why, and what would do."""
