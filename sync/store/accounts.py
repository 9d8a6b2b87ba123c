"""Hosts and their logins, as rows.

Every function runs inside the transaction of the connection it is given.  The token a browser
holds is never here, only its hash; the password only as an argon2id hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from community.clock import at_of, us_of
from sync.store.schema import hosts, passkeys, sessions

ADMIN = "admin"
"""The role of whoever may add and remove accounts; there is always one."""

IDLE = timedelta(hours=12)
"""A login nobody used for this long is over: a working day, not the next one."""

LONGEST = timedelta(days=7)
"""A login is over after this, however much it is used."""


@dataclass(frozen=True, slots=True)
class Host:
    """One host who may open the dashboard."""

    id: int
    login: str
    password: str
    """The argon2id hash."""
    language: str
    """Two letters."""
    role: str
    """What it may do: one of the dashboard's roles."""


@dataclass(frozen=True, slots=True)
class Session:
    """One open login."""

    token: str
    """SHA-256 of what the browser holds, in hexadecimal."""
    host: Host
    created: datetime
    """Aware, UTC; so is `seen`."""
    seen: datetime

    def is_over(self, at: datetime) -> bool:
        """Say whether the login has ended by itself at `at`."""
        return at - self.seen >= IDLE or at - self.created >= LONGEST


def count_hosts(connection: Connection) -> int:
    """Return how many hosts there are."""
    return connection.execute(select(func.count()).select_from(hosts)).scalar_one()


def add_first_host(
    connection: Connection, login: str, password: str, language: str, at: datetime
) -> Host | None:
    """Add a host if there is none yet; `None` if somebody was faster.

    Args:
        connection: In a writing transaction, so that two cannot both be first.
        login: As `host_by_login` will be asked for it.
        password: The argon2id hash.
        language: Two letters.
        at: Aware.
    """
    if count_hosts(connection):
        return None
    return add_host(connection, login, password, language, ADMIN, at)


def add_host(
    connection: Connection, login: str, password: str, language: str, role: str, at: datetime
) -> Host | None:
    """Add an account; `None` if the login is taken.  The arguments are those of `add_first_host`."""
    if host_by_login(connection, login) is not None:
        return None
    row = connection.execute(
        insert(hosts)
        .values(login=login, password=password, language=language, role=role, created_us=us_of(at))
        .returning(hosts.c.id)
    ).one()
    return Host(row.id, login, password, language, role)


def every_host(connection: Connection) -> tuple[Host, ...]:
    """Return every account, by login."""
    rows = connection.execute(select(hosts).order_by(hosts.c.login))
    return tuple(Host(row.id, row.login, row.password, row.language, row.role) for row in rows)


def is_last_admin(connection: Connection, host_id: int) -> bool:
    """Say whether nobody else could let anybody in."""
    admins = connection.execute(select(hosts.c.id).where(hosts.c.role == ADMIN)).scalars().all()
    return list(admins) == [host_id]


def set_role(connection: Connection, host_id: int, role: str) -> None:
    """Change what an account may do."""
    connection.execute(update(hosts).where(hosts.c.id == host_id).values(role=role))


def remove_host(connection: Connection, host_id: int) -> frozenset[str]:
    """Remove an account, its logins and its passkeys; return the hashes of the logins' tokens."""
    ended = end_all(connection, host_id)
    connection.execute(delete(passkeys).where(passkeys.c.host_id == host_id))
    connection.execute(delete(hosts).where(hosts.c.id == host_id))
    return ended


def host_by_login(connection: Connection, login: str) -> Host | None:
    """Return the host of that login, or `None`."""
    row = connection.execute(select(hosts).where(hosts.c.login == login)).one_or_none()
    return None if row is None else Host(row.id, row.login, row.password, row.language, row.role)


def host_by_id(connection: Connection, host_id: int) -> Host | None:
    """Return the host of that number, or `None`."""
    row = connection.execute(select(hosts).where(hosts.c.id == host_id)).one_or_none()
    return None if row is None else Host(row.id, row.login, row.password, row.language, row.role)


def set_password(connection: Connection, host_id: int, password: str) -> None:
    """Replace a host's argon2id hash, as when its cost was raised."""
    connection.execute(update(hosts).where(hosts.c.id == host_id).values(password=password))


def set_language(connection: Connection, host_id: int, language: str) -> None:
    """Remember the language a host reads."""
    connection.execute(update(hosts).where(hosts.c.id == host_id).values(language=language))


def open_session(connection: Connection, token: str, host_id: int, at: datetime) -> None:
    """Begin a login."""
    connection.execute(
        insert(sessions).values(token=token, host_id=host_id, created_us=us_of(at), seen_us=us_of(at))
    )


def session(connection: Connection, token: str, at: datetime) -> Session | None:
    """Return the login behind a token's hash if it is still open at `at`."""
    row = connection.execute(
        select(
            sessions.c.created_us,
            sessions.c.seen_us,
            hosts.c.id,
            hosts.c.login,
            hosts.c.password,
            hosts.c.language,
            hosts.c.role,
        )
        .join(hosts, hosts.c.id == sessions.c.host_id)
        .where(sessions.c.token == token)
    ).one_or_none()
    if row is None:
        return None
    host = Host(row.id, row.login, row.password, row.language, row.role)
    found = Session(token, host, at_of(row.created_us), at_of(row.seen_us))
    return None if found.is_over(at) else found


def touch(connection: Connection, token: str, at: datetime) -> None:
    """Note that a login was used."""
    connection.execute(update(sessions).where(sessions.c.token == token).values(seen_us=us_of(at)))


def end_session(connection: Connection, token: str) -> None:
    """End one login; nothing happens if it is not there."""
    connection.execute(delete(sessions).where(sessions.c.token == token))


def sweep(connection: Connection, at: datetime) -> int:
    """Remove logins that have ended by themselves, and return how many they were."""
    over = (sessions.c.seen_us <= us_of(at - IDLE)) | (sessions.c.created_us <= us_of(at - LONGEST))
    return connection.execute(delete(sessions).where(over)).rowcount


def end_all(connection: Connection, host_id: int) -> frozenset[str]:
    """End every login of a host and return the hashes of their tokens."""
    ended = connection.execute(select(sessions.c.token).where(sessions.c.host_id == host_id)).scalars().all()
    connection.execute(delete(sessions).where(sessions.c.host_id == host_id))
    return frozenset(ended)
