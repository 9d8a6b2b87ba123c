"""What hosts did, kept for whoever must know later: when, what, who, on which opaque id.

Every function runs inside the transaction of the connection it is given: where the deed is a row of
ours, it and its trace are one, or neither is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sqlalchemy import Connection, delete, insert, select

from sync.store.schema import deeds

KEPT = timedelta(days=365)
"""Long enough to ask what happened last season; then it is only a record of people's work."""

BY_COMMAND = "(console)"
"""Who did what a command did: nobody's login, whoever may write the hub's database."""

LONGEST_SUBJECT = 64
"""Characters, as in the table."""


class Deed(Enum):
    """What can be done."""

    FIRST_HOST = "first-host"
    LOGGED_IN = "logged-in"
    LOGIN_REFUSED = "login-refused"
    """A wrong password for an account that there is; what was typed for another is not kept."""
    LOGGED_OUT = "logged-out"
    LOGGED_OUT_EVERYWHERE = "logged-out-everywhere"
    BADGE_LINKED = "badge-linked"
    DOOR_LINKED = "door-linked"
    """A badge, by a host at the door with badge and PIN."""
    DOOR_LINK_REFUSED = "door-link-refused"
    """The same, but the hub did not do it: it is another's, or one of the three is not known."""
    ROLL_CALL = "roll-call"
    """The list of everybody who is in was opened; at a door the subject is the kiosk."""
    HOST_NAMED = "host-named"
    """A member looks after the place from now on: their badge and PIN open the kiosk's pages."""
    HOST_NO_MORE = "host-no-more"
    BADGE_UNLINKED = "badge-unlinked"
    BADGE_LOST = "badge-lost"
    BADGE_REVOKED = "badge-revoked"
    BADGE_ACTIVE = "badge-active"
    BADGE_HANDED_OVER = "badge-handed-over"
    BADGE_RENAMED = "badge-renamed"
    BADGE_LEVEL = "badge-level"
    LABELS_PRINTED = "labels-printed"
    SPACE_LEVEL = "space-level"
    """What every badge must show at least; the subject is the level."""
    PIN_SET = "pin-set"
    PIN_REMOVED = "pin-removed"
    MEMBER_ERASED = "member-erased"
    MEMBERS_IMPORTED = "members-imported"
    """From a file, on the dashboard; the subject is how many."""
    MEMBER_COMFORT = "member-comfort"
    MEMBER_ADDED = "member-added"
    """By a program, through the API; `host` is then the token's name with "api:" before it."""
    MEMBER_CHANGED = "member-changed"
    OWN_PAGE = "own-page"
    """A member changed it themselves; there is no login, the subject is the member."""
    CHECKED_IN = "checked-in"
    """By hand, on the dashboard; the subject is the member, as of the next two."""
    CHECKED_OUT = "checked-out"
    TIMES_CORRECTED = "times-corrected"
    """When somebody came or left today."""
    TAP_SEEN_TO = "tap-seen-to"
    """A failed tap was worked through; the subject is the badge, or the member whose PIN it was."""
    TAP_BROUGHT_BACK = "tap-brought-back"
    """The same, undone."""
    BUDDY_NAMED = "buddy-named"
    """Somebody was asked to look after a newcomer; the subject is the newcomer, as of the next three."""
    BUDDY_NO_MORE = "buddy-no-more"
    MESSAGE_WRITTEN = "message-written"
    """A host wrote a newcomer what was due."""
    MESSAGE_NOT_NOW = "message-not-now"
    TEXT_CHANGED = "text-changed"
    """What newcomers are written; the subject is which text, in which language."""
    GUEST_MET = "guest-met"
    """The subject is the kiosk and the number of the event."""
    TRIED_AGAIN = "tried-again"
    PUT_ASIDE = "put-aside"
    TAKEN_BACK = "taken-back"
    ACCOUNT_CODE = "account-code"
    ACCOUNT_ADDED = "account-added"
    """By whom it belongs to, with a code; the subject is who made the code."""
    ACCOUNT_ROLE = "account-role"
    ACCOUNT_REMOVED = "account-removed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the word for a deed
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PASSKEY_REFUSED = "passkey-refused"
    """One of an account that there is, which did not prove itself, or was counted back: it may be a copy."""
    TOKEN_MADE = "token-made"  # noqa: S105 - the word for a deed
    """Of the API; the subject is its name."""
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - the word for a deed
    WEBHOOK_ADDED = "webhook-added"
    """The subject is its id: an address may be a secret."""
    WEBHOOK_REMOVED = "webhook-removed"
    WEBHOOK_PAUSED = "webhook-paused"
    WEBHOOK_RESUMED = "webhook-resumed"
    WEBHOOK_KEY = "webhook-key"
    WEBHOOK_RESENT = "webhook-resent"
    KIOSK_CODE = "kiosk-code"
    KIOSK_ENROLLED = "kiosk-enrolled"
    """By the code that this host made."""
    KIOSK_RENEWED = "kiosk-renewed"
    KIOSK_REVOKED = "kiosk-revoked"
    CHANNEL_ADDED = "channel-added"
    """For notices to hosts; the subject is its number, as below."""
    CHANNEL_CHANGED = "channel-changed"
    CHANNEL_REMOVED = "channel-removed"
    SISTER_ADDED = "sister-added"
    """A space whose letters are believed; the subject is its id, as of the next two."""
    SISTER_TRUSTED = "sister-trusted"
    """The same, once more, after it came out of a backup."""
    SISTER_REMOVED = "sister-removed"
    VISITOR_TAKEN = "visitor-taken"
    """Somebody came with a letter; there is no login, the subject is the member, as of the next."""
    VISIT_ENDED = "visit-ended"
    """And was erased when their visit was over."""


@dataclass(frozen=True, slots=True)
class Done:
    """One deed."""

    at_us: int
    deed: Deed
    host: str
    """The login; empty where nobody is known."""
    subject: str
    """An opaque id; empty where there is none."""


def note(connection: Connection, at_us: int, deed: Deed, host: str, subject: str = "") -> None:
    """Keep a deed, in the transaction that does it.

    Args:
        connection: In a writing transaction.
        at_us: Now, microseconds since 1970 UTC.
        deed: What.
        host: The login, or empty.
        subject: An opaque id, never a name.
    """
    connection.execute(
        insert(deeds).values(
            at_us=at_us, deed=deed.value, host=host[:LONGEST_SUBJECT], subject=subject[:LONGEST_SUBJECT]
        )
    )


def latest(connection: Connection, limit: int) -> tuple[Done, ...]:
    """Return at most `limit` deeds, newest first; what this program does not know is left out."""
    known = {deed.value for deed in Deed}
    rows = connection.execute(select(deeds).order_by(deeds.c.id.desc()).limit(limit))
    return tuple(Done(row.at_us, Deed(row.deed), row.host, row.subject) for row in rows if row.deed in known)


def since(connection: Connection, at_us: int) -> tuple[Done, ...]:
    """Return what was done at this time, microseconds since 1970 UTC, and later; newest first."""
    known = {deed.value for deed in Deed}
    query = select(deeds).where(deeds.c.at_us >= at_us, deeds.c.deed.in_(known))
    rows = connection.execute(query.order_by(deeds.c.id.desc()))
    return tuple(Done(row.at_us, Deed(row.deed), row.host, row.subject) for row in rows)


def of_subjects(connection: Connection, subjects: Collection[str], limit: int) -> tuple[Done, ...]:
    """Return at most `limit` deeds about any of these, newest first; words of other versions are left out.

    Args:
        connection: In a transaction.
        subjects: Opaque ids, some at most: a member's and their badges'.
        limit: How many.
    """
    known = {deed.value for deed in Deed}
    query = select(deeds).where(deeds.c.subject.in_(subjects), deeds.c.deed.in_(known))
    rows = connection.execute(query.order_by(deeds.c.id.desc()).limit(limit))
    return tuple(Done(row.at_us, Deed(row.deed), row.host, row.subject) for row in rows)


def forget(connection: Connection, now_us: int) -> int:
    """Remove what is older than `KEPT`, and return how much that was."""
    oldest_us = now_us - int(KEPT / timedelta(microseconds=1))
    return connection.execute(delete(deeds).where(deeds.c.at_us < oldest_us)).rowcount
