"""What a members file would change, and the change."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.badges import BadgeKey
from community.ids import MemberId
from plumbing.database import Database
from sync.errors import MembersMovedError
from sync.exports import guess, lines_of
from sync.members_file import MembersFile, faults, read_lines
from sync.members_import import Outcome, Plan, carry_out, id_of, plan
from sync.store import directory, feed, visitors
from sync.store.visitors import Visiting
from sync.tables import read_table
from tests.sync.samples import KEY
from tests.sync.test_exports import TODAY


def file_of(text: str) -> MembersFile:
    """Read a file as the dashboard does, with its columns as guessed."""
    table = read_table(text.encode())
    guessed = guess(table.header)
    lines = lines_of(table, guessed.fields, guessed.origin, lambda email: id_of(email, KEY), TODAY)
    return read_lines(lines.lines, lines.columns, bytes.fromhex, TODAY, faults(table))


def planned(database: Database, file: MembersFile) -> Plan:
    return database.read_now(lambda c: plan(c, file, KEY))


def done(database: Database, file: MembersFile, seen: str, *, bring_back: bool = False) -> Plan:
    return database.write_now(lambda c: carry_out(c, file, KEY, 1, seen=seen, bring_back=bring_back)[0])


CELLS = st.sampled_from(
    [
        "",
        "Ada",
        "Bob",
        "ada@b.c",
        "x;y",
        "x, y",
        "1",
        "04AABBCC",
        "04AABBDD",
        "2026-01-01",
        "13/1/2026",
        "fr",
        "no",
    ]
) | st.text('aé🎨;,<"\n\u202e', max_size=8)
HEADERS = st.lists(
    st.sampled_from(
        (
            "id name email prénom nom company trade needs interests badge joined languages active "
            "visibility avoid x"
        ).split()
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def files(draw):
    header = draw(HEADERS)
    rows = draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(header)), max_size=6))
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\n".join((",".join(header), *quoted))


@pytest.fixture
def sqlite_once(sqlite: Database) -> Database:
    return sqlite


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=files(), other=files())
def test_any_file_is_done_as_shown_and_twice_changes_nothing(sqlite_once, text, other):
    """Whatever was there before, which here is whatever the examples before have left."""
    database, file = sqlite_once, file_of(text)
    shown = planned(database, file)
    before = {member.id: member for member in database.read_now(directory.all_members)}
    assert done(database, file, shown.seen, bring_back=True) == shown
    after = {member.id: member for member in database.read_now(directory.all_members)}
    assert after == before | {change.member.id: change.member for change in shown.changes}
    revision = database.read_now(feed.revision)
    again = planned(database, file)
    assert again.touched == ()
    assert [problem.line for problem in again.problems] == [problem.line for problem in shown.problems]
    done(database, file, again.seen)
    assert database.read_now(feed.revision) == revision
    good = {change.line for change in shown.changes}
    assert not good & {problem.line for problem in shown.problems}, "a line is taken whole or not at all"


def test_what_moved_in_between_is_not_written_over(sqlite: Database):
    file = file_of("id,name,trade\na,Ada,baker\n")
    shown = planned(sqlite, file)
    done(sqlite, file, shown.seen)
    with pytest.raises(MembersMovedError):
        done(sqlite, file, shown.seen)


def test_a_badge_that_came_in_between_stops_it_too(sqlite: Database):
    file = file_of("id,name,badge\na,Ada,04AABBCC\n")
    shown = planned(sqlite, file)
    taken = file_of("id,name,badge\nb,Bob,04AABBCC\n")
    done(sqlite, taken, planned(sqlite, taken).seen)
    with pytest.raises(MembersMovedError):
        done(sqlite, file, shown.seen)
    (problem,) = planned(sqlite, file).problems
    assert problem.column == "badge"


def test_who_was_erased_is_new_only_if_told_so(sqlite: Database):
    file = file_of("id,name\na,Ada\nb,Bob\n")
    done(sqlite, file, planned(sqlite, file).seen)
    sqlite.write_now(lambda c: directory.remove_member(c, MemberId("a")))
    shown = planned(sqlite, file)
    assert [change.outcome for change in shown.changes] == [Outcome.BACK, Outcome.SAME]
    assert done(sqlite, file, shown.seen).count(Outcome.BACK) == 0
    assert done(sqlite, file, shown.seen, bring_back=True).count(Outcome.BACK) == 1


@pytest.mark.parametrize("trade", ["baker", "poet"])
def test_whoever_visits_and_stands_in_the_file_stays(sqlite: Database, trade):
    file = file_of("id,name,trade\na,Ada,baker\nb,Bob,\n")
    done(sqlite, file, planned(sqlite, file).seen)
    for name in ("a", "b"):
        visiting = Visiting(MemberId(name), "s" * 24, "Le Nook", name * 16, 1, TODAY)
        sqlite.write_now(lambda c, v=visiting: visitors.put(c, v))
    again = file_of(f"id,name,trade\na,Ada,{trade}\n")
    done(sqlite, again, planned(sqlite, again).seen)
    assert set(sqlite.read_now(visitors.homes)) == {"b"}
    assert sqlite.read_now(lambda c: visitors.over(c, date.max)) == ("b",)


def test_an_id_made_of_an_address_is_always_the_same_and_another_elsewhere():
    assert id_of("lea@b.c", KEY) == id_of("lea@b.c", KEY) != id_of("leo@b.c", KEY)
    assert id_of("lea@b.c", BadgeKey(KEY.version, b"another space's secret, 32 bytes")) != id_of(
        "lea@b.c", KEY
    )
    (person,) = file_of("name,email\nLéa,lea@b.c\n").people
    assert person.member.id == id_of("lea@b.c", KEY)


def test_nothing_is_known_where_there_is_no_directory_yet():
    shown = plan(None, file_of("id,name\na,Ada\n,Bob\n"), KEY)
    assert (shown.count(Outcome.NEW), shown.refused) == (1, 1)
