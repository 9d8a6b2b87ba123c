"""The hub's tables, for SQLite and PostgreSQL alike.

Times are microseconds since 1970 UTC in 64-bit integers: the same in both databases, and in
the wire.  The log is only ever appended to; everything about presence is folded from it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("epoch", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("synced", Boolean, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("content", String(32), nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Index("events_by_time", "at_us"),
    Index("events_by_kind", "kind", "at_us"),
    Index("events_by_receipt", "received_us"),
)
"""Every event of every kiosk.  `raw` is the record byte for byte as the kiosk wrote it, `content`
its hash: the same id with another hash is a cloned card and goes to the quarantine.  Of an event that was let
go of (decision 0014) only id and hash are left: `kind` and `raw` are empty, the times 0."""

cursors = Table(
    "cursors",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("epoch", String(32), primary_key=True),
    Column("upto", BigInteger, nullable=False),
)
"""Up to where each kiosk's epoch is here without a gap, quarantined events included."""

gaps = Table(
    "gaps",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("epoch", String(32), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("noticed_us", BigInteger, nullable=False),
)
"""Runs of numbers that are not here and that their kiosk has let go of: a hub restored from a copy older
than what kiosks keep.  The cursor passes them."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kiosk", String(32), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("seq", BigInteger, nullable=True),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("content", String(32), nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("aside_us", BigInteger, nullable=True),
    Column("aside_by", String(64), nullable=True),
    Index("quarantine_once", "kiosk", "epoch", "seq", "content"),
)
"""What could not be understood, kept whole.  `epoch` is empty where it could not be read; `aside_…`
say when a host put it away for good, and who: it stays here all the same."""

members = Table(
    "members",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)
"""One row a member; `body` is the JSON of `community.members.Member`."""

badges = Table(
    "badges",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("linked_us", BigInteger, nullable=False),
    Column("level", String(16), nullable=False, server_default="uid"),
    Column("label", String(40), nullable=False, server_default=""),
    Index("badges_by_member", "member_id"),
)
"""Keyed hashes only; the UID itself is never stored.  `level` is that of a plain badge, as in
`community.badges.Badge`; `label` is what a host calls it ("blue key ring"), for the dashboard only."""

handovers = Table(
    "handovers",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("from_id", String(64), primary_key=True),
    Column("to_id", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index("handovers_by_giver", "from_id"),
)
"""Badges that went from one member to another: the page of whoever had it before says so."""

brief_marks = Table(
    "brief_marks",
    metadata,
    Column("line", String(160), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("mark", String(16), nullable=False),
    Column("until", String(10), nullable=False),
    Column("host", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
)
"""What hosts did about the lines of their brief, by the day they did it.  `line` names kind and ids; it is
not shown again before the day after `until`."""

badge_secrets = Table(
    "badge_secrets",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("level", String(16), nullable=False),
    Column("sun", LargeBinary, nullable=False),
    Column("mutual", LargeBinary, nullable=False),
    Column("hides", Boolean, nullable=False),
)
"""What badges that cannot be copied are checked with: their own keys, of `version` of the space's secret,
which is not in the database."""

badge_counters = Table(
    "badge_counters",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("upto", BigInteger, nullable=False),
    Column("shared", BigInteger, nullable=False),
)
"""How far each of them has counted, and how much of that the feed says; -1 for nothing."""

feed = Table(
    "feed",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("body", Text, nullable=True),
    Index("feed_by_revision", "revision"),
)
"""The latest state of everything kiosks must know, each with the revision that changed it last;
`body` is empty when the thing is gone."""

kiosks = Table(
    "kiosks",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("status", Text, nullable=False),
    Column("heard_us", BigInteger, nullable=False),
)
"""The last `Status` heard of each kiosk."""

hosts = Table(
    "hosts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("role", String(16), nullable=False, server_default="admin"),
)
"""Staff who may open the dashboard; `password` is an argon2id hash, `role` one of the dashboard's."""

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("host_id", Integer, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Index("sessions_by_host", "host_id"),
)
"""Open logins; `token` is the hash of what the browser holds."""

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String(1400), primary_key=True),
    Column("host_id", Integer, nullable=False, index=True),
    Column("domain", String(253), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("label", String(40), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("used_us", BigInteger, nullable=True),
)
"""What accounts log in with instead of a password; see `store.passkeys`."""

used_passes = Table(
    "used_passes",
    metadata,
    Column("claim", String(64), primary_key=True),
    Column("used_us", BigInteger, nullable=False),
)
"""Codes for own pages that were used; `claim` is the SHA-256 of what a code says."""

member_sessions = Table(
    "member_sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Index("member_sessions_by_member", "member_id"),
)
"""Members who have their own page open; `token` is the hash of what the browser holds."""

deeds = Table(
    "deeds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("deed", String(32), nullable=False),
    Column("host", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Index("deeds_by_time", "at_us"),
)
"""What hosts did, one row each, only ever appended to.  `host` is a login, empty where nobody is known;
`subject` an opaque id, never a name."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("other_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("yes", Boolean, nullable=False),
    Column("chance", Float, nullable=False),
    Column("weights", String(64), nullable=False),
    Column("features", Text, nullable=False),
    Index("outcomes_by_day", "day"),
    Index("outcomes_by_other", "other_id"),
)
"""What came of introductions, for learning: what `member_id` said of `other_id` on `day` (ISO, the
space's); `features` is the JSON of what the two had in common then."""

earlier = Table(
    "earlier",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("fold", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""What the events that were let go of said of each member; `body` is the JSON of
`community.introductions.pairing.PersonPast`, `fold` the version of the rule that made it."""

guests = Table(
    "guests",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("epoch", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("came_us", BigInteger, nullable=False),
    Column("member_id", String(64), nullable=True),
    Column("asked", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("met", Boolean, nullable=False),
    Index("guests_by_member", "member_id"),
)
"""Guests of today who said whom they come to see: what they typed, which is in no log.  A row is gone once
the day is over, or once the member it names is erased (decision 0026)."""

known_to_the_world = Table(
    "known_to_the_world",
    metadata,
    Column("member_id", String(64), primary_key=True),
)
"""Members who agreed that anybody on the net may read their first name while they are in (decision 0028)."""

boots = Table(
    "boots",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("boot", Text, primary_key=True),
    Column("began_by_us", BigInteger, nullable=False),
    Column("good_wall_us", BigInteger, nullable=True),
    Column("good_up_us", BigInteger, nullable=True),
)
"""What is known of the clocks of boots whose first events were let go of."""

crowds = Table(
    "crowds",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
)
"""How many people came in an hour of a day (ISO, the space's), once their taps were let go of: only where
they were five or more."""

ties = Table(
    "ties",
    metadata,
    Column("first_id", String(64), primary_key=True),
    Column("second_id", String(64), primary_key=True),
    Column("met", String(10), nullable=False),
)
"""Who met whom by badge, the smaller id first, and on which day (ISO, the space's) last, once those taps were
let go of: for the map of the community, gone with either of the two (decision 0030)."""

months = Table(
    "months",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("rule", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""What is said of a community's months ("2026-11"); `body` is the JSON of
`community.together.measures.Measures`, over groups of five or more, `rule` the version that made it."""

retention_runs = Table(
    "retention_runs",
    metadata,
    Column("job", String(16), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("removed", BigInteger, nullable=False),
)
"""When what is kept for a time was last looked through on a day (ISO, the space's), and how much went."""

facts = Table(
    "facts",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single values: the feed's revision, the hub's own id."""

credentials = Table(
    "credentials",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("password", Text, nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("issued_us", BigInteger, nullable=False),
    Column("used_us", BigInteger, nullable=True),
    Column("ended_us", BigInteger, nullable=True),
)
"""With what each kiosk may come in: `password` as the broker keeps it, the key its batches are signed with.
Several are good at once until the newest is used; the last row stays when all have ended."""

codes = Table(
    "codes",
    metadata,
    Column("name", String(8), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("secret", String(128), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("wrong", Integer, nullable=False),
)
"""One-time codes that are open: `secret` is a salted scrypt hash, `wrong` how often it was tried in vain."""

breaks = Table(
    "breaks",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("epoch", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("noticed_us", BigInteger, nullable=False),
)
"""Events that their kiosk signed as coming after another one than the hub has before them."""
