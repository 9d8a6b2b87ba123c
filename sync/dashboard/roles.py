"""Who may see and do what on the dashboard: one table, asked before every page.

Pure.  What stands in neither table is for hosts and administrators, so a new page is closed to whoever only
looks on until it is named here.
"""

from enum import Enum


class Role(Enum):
    """What an account is for."""

    VIEWER = "viewer"
    """A screen in the room: how many are in, and who wished to be named there."""
    HOST = "host"
    """Welcomes, introduces, sees who is in and every member's card."""
    ADMIN = "admin"
    """A host who also lets kiosks and accounts in, and shuts them out."""
    AUDITOR = "auditor"
    """Reads what was done, and changes nothing; sees no member's card."""


STAFF = frozenset({Role.HOST, Role.ADMIN})
EVERYBODY = frozenset(Role)

READING = {
    "/accounts": EVERYBODY,
    "/board": EVERYBODY,
    "/kiosks": frozenset({Role.HOST, Role.ADMIN, Role.AUDITOR}),
    "/notices": frozenset({Role.HOST, Role.ADMIN, Role.AUDITOR}),
    "/record": frozenset({Role.ADMIN, Role.AUDITOR}),
    "/retention": frozenset({Role.HOST, Role.ADMIN, Role.AUDITOR}),
    "/sisters": frozenset({Role.ADMIN}),
    "/tokens": frozenset({Role.ADMIN}),
    "/webhooks": frozenset({Role.ADMIN}),
}
"""Pages by their address."""

WRITING = {
    "/accounts": frozenset({Role.ADMIN}),
    "/badges/level": frozenset({Role.ADMIN}),
    "/kiosks": frozenset({Role.ADMIN}),
    "/language": EVERYBODY,
    "/logout": EVERYBODY,
    "/logout-everywhere": EVERYBODY,
    "/passkeys": EVERYBODY,
    "/passkeys/new": EVERYBODY,
    "/notices": frozenset({Role.ADMIN}),
    "/password": EVERYBODY,
    "/sisters": frozenset({Role.ADMIN}),
    "/tokens": frozenset({Role.ADMIN}),
    "/webhooks": frozenset({Role.ADMIN}),
}
"""Where forms go."""

HOME = {Role.VIEWER: "/board", Role.HOST: "/", Role.ADMIN: "/", Role.AUDITOR: "/record"}
"""The first page each sees."""


def may(role: Role, path: str, *, writing: bool) -> bool:
    """Say whether a role may read a page, or send a form to its address."""
    return role in (WRITING if writing else READING).get(path, STAFF)


def role_of(word: str) -> Role | None:
    """Return the role a word names, or `None`."""
    return next((role for role in Role if role.value == word), None)
