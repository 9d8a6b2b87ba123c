import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from community.ids import MemberId
from community.members import LONGEST_ITEM, LONGEST_NAME, Comfort, Intent, Member, Visibility
from plumbing.database import Database
from sync.errors import MembersFileError
from sync.members_file import MembersFile, load, read
from sync.members_import import write
from sync.store import directory, feed, secure_badges
from tests.sync.samples import KEY

VILLAGE = Path(__file__).parents[2] / "foyer" / "village" / "people.csv"
HEADER = "id,name,needs,visibility,introductions,joined,languages,badge\n"


def parsed(text: str) -> MembersFile:
    return read(text.encode(), bytes.fromhex)


def told(text: str) -> list[str]:
    return [problem.told for problem in parsed(text).problems]


def test_the_demos_village_is_a_members_file():
    village = load(VILLAGE, bytes.fromhex)
    assert village.problems == ()
    assert len(village.people) >= 20


def test_a_line_becomes_a_member():
    (person,) = parsed(
        HEADER + 'a1,Ada,"a logo;un site, simple",named,yes,2026-01-02,fr;en,04AABBCC\n'
    ).people
    assert person.line == 2
    assert person.member.needs == ("a logo", "un site, simple")
    assert person.member.visibility == Visibility(lobby=True, members=True, hosts=True)
    assert person.member.introductions
    assert person.member.joined == date(2026, 1, 2)
    assert person.member.languages == ("fr", "en")
    assert person.uids == (b"\x04\xaa\xbb\xcc",)


@pytest.mark.parametrize(
    ("word", "visibility"),
    [
        ("", Visibility()),
        ("named", Visibility(lobby=True, members=True, hosts=True)),
        ("Counted", Visibility(lobby=False, members=True, hosts=True)),
        ("hidden", Visibility(lobby=False, members=False, hosts=False)),
    ],
)
def test_visibility_in_one_word(word, visibility):
    (person,) = parsed(f"id,name,visibility\na,Ada,{word}\n").people
    assert person.member.visibility == visibility


def test_what_is_left_out_is_the_modest_default():
    (person,) = parsed("id,name\na,Ada\n").people
    assert person.member.visibility == Visibility()
    assert not person.member.introductions
    assert person.member.languages == ("fr",)
    assert person.uids == ()


@pytest.mark.parametrize(
    ("row", "place", "cure"),
    [
        (",Ada", "column id", "every member needs an id"),
        ("ä b,Ada", "column id", "without accents"),
        ("ok,Eve", "column id", "line 2 has the same id"),
        ("a,", "column name", "needs a name"),
        (f"a,{'x' * (LONGEST_NAME + 1)}", "column name", f"at most {LONGEST_NAME}"),
        ("a,A\u202eb", "column name", "direction"),
        ("a,A\x07b", "column name", "cannot be shown"),
        (f"a,Ada,fine;{'x' * (LONGEST_ITEM + 1)}", "column needs", "item 2 has 121 characters"),
        (f"a,Ada,{';'.join(map(str, range(31)))}", "column needs", "at most 30"),
        ("a,Ada,,seen", "column visibility", "use named, counted or hidden"),
        ("a,Ada,,,perhaps", "column introductions", "use yes or no"),
        ("a,Ada,,,,02/01/2026", "column joined", "2026-09-15"),
        ("a,Ada,,,,,french", "column languages", "two-letter codes"),
        ("a,Ada,,,,,,xyz", "column badge", "not the number of a badge"),
        ("a,Ada,,,,,,04AABBCC", "column badge", "line 2 has the same badge"),
        ("a,Ada,,,,,,,,,", "line 3", "11 cells and the first line names 8"),
        ('a,"Ada', "line 3", "quotation mark"),
        ('a,"Ada" x,', "line 3", "quotation mark"),
    ],
)
def test_a_wrong_line_is_told_and_stops_no_other(row, place, cure):
    text = HEADER + "ok,Odd,,,,,,04AABBCC\n" + row + "\nlast,Zoe\n"
    (problem,) = told(text)
    assert problem.startswith("line 3")
    assert place in problem
    assert cure in problem
    assert [person.member.id for person in parsed(text).people] == ["ok", "last"]


def test_a_problem_never_quotes_what_stands_in_the_cell():
    secret = "Secretive-" * 20
    text = HEADER + ",".join([secret] * 8) + "\n"
    problems = told(text)
    assert len(problems) == 8
    assert not any("Secretive" in problem for problem in problems)


def test_a_line_with_two_problems_tells_both():
    assert len(told("id,name,visibility\n,,seen\n")) == 3


def test_empty_lines_and_spaces_do_no_harm():
    assert [p.member.name for p in parsed("ID , Name\n\n  a , Ada \n,\n\n").people] == ["Ada"]


def test_what_excel_saves_is_read():
    excel = '\ufeffsep=;\r\nid;name;needs;trade\r\na;Ada;"a logo;a site";céramique\r\n'
    (person,) = read(excel.encode(), bytes.fromhex).people
    assert person.line == 3
    assert person.member.needs == ("a logo", "a site")
    assert person.member.trade == "céramique"
    assert [p.member.name for p in parsed("id\tname\na\tAda\n").people] == ["Ada"]


def test_french_spaces_and_accents_come_in_one_form():
    (person,) = parsed("id,name,trade\na,Zoe\u0301,caf\u00e9\u00a0: th\u00e9\n").people
    assert person.member.name == "Zoé"
    assert person.member.trade == "café\u00a0: thé"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("id,name\na,Zoé\n".encode("latin-1"), "not text in UTF-8"),
        ("id,name\n".encode("utf-16-le"), "UTF-8"),
        (b"", "this file is empty"),
        (b"\n \n", "this file is empty"),
        (b"id;trade\na;b\n", "first line must name the columns"),
        (b"a,Ada\nb,Bob\n", "first line must name the columns"),
        (b'"id,name\n', "first line must name the columns"),
        (b"PK\x03\x04\x14\x00", "no workbook of Excel"),
    ],
)
def test_what_is_no_members_file_is_refused_in_a_sentence(content, why, tmp_path: Path):
    with pytest.raises(MembersFileError, match=why):
        read(content, bytes.fromhex)
    file = tmp_path / "members.csv"
    file.write_bytes(content)
    with pytest.raises(MembersFileError, match=r"members\.csv"):
        load(file, bytes.fromhex)


def test_a_file_that_is_not_there_or_far_too_large_is_refused(tmp_path: Path):
    with pytest.raises(MembersFileError, match="No such file"):
        load(tmp_path / "none.csv", bytes.fromhex)
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(6_000_000)
    with pytest.raises(MembersFileError, match="larger than any list"):
        load(large, bytes.fromhex)


def test_a_column_nobody_knows_is_told_and_the_rest_is_looked_at():
    file = parsed("id,name,neds,name\na,Ada,x,Bob\n")
    assert file.problems[0].told == "line 1, column name: this column is there twice: keep one"
    assert "column neds: there is no such column: correct its name or remove it" in file.problems[1].told
    assert len(file.people) == 1


def test_a_file_is_written_with_its_badges(database: Database):
    file = load(VILLAGE, bytes.fromhex)
    done = database.write_now(lambda c: write(c, file, KEY, 1))
    assert done.members == len(file.people)
    assert done.badges == sum(len(person.uids) for person in file.people) > 0
    assert len(database.read_now(directory.all_members)) == done.members
    assert len(database.read_now(secure_badges.all_badges)) == done.badges
    again = database.read_now(feed.revision)
    assert database.write_now(lambda c: write(c, file, KEY, 2)) == done
    assert database.read_now(feed.revision) == again


def test_good_lines_are_written_and_the_others_are_told(sqlite: Database):
    file = parsed("id,name\na,Ada\n,Bob\n")
    done = sqlite.write_now(lambda c: write(c, file, KEY, 1))
    assert done.members == 1
    assert done.problems == file.problems
    assert [problem.line for problem in done.problems] == [3]


def test_a_badge_of_somebody_else_is_a_problem_of_its_line(sqlite: Database):
    sqlite.write_now(lambda c: write(c, parsed("id,name,badge\na,Ada,04AABBCC\n"), KEY, 1))
    taken = parsed("id,name,badge\nb,Bob,04AABBCC\n")
    done = sqlite.write_now(lambda c: write(c, taken, KEY, 1))
    assert (done.members, done.badges) == (0, 0), "a line is taken whole or not at all"
    (problem,) = done.problems
    assert re.match(r"line 2, column badge: the badge .{4} is already linked", problem.told)


TODAY = date(2026, 11, 22)
PROFILES = "id,name,needs,ask_about,intents,avoid,avoid_topics\n"


def profile(row: str, *others: str) -> MembersFile:
    return read((PROFILES + "\n".join((row, *others)) + "\n").encode(), bytes.fromhex, TODAY)


def test_a_need_has_its_last_day_and_the_others_none():
    file = profile('a,Ada,"un logo;une juriste (jusqu\'au 2026-11-30);a flat (end of month)",,,,')
    assert file.problems == ()
    assert file.people[0].member.needs == ("un logo", "une juriste", "a flat")
    assert file.people[0].member.needs_until == (None, date(2026, 11, 30), date(2026, 11, 30))
    assert file.people[0].member.open_needs(date(2026, 12, 1)) == ("un logo",)


def test_needs_without_an_end_say_nothing_of_one():
    assert profile('a,Ada,"un logo;un site",,,,').people[0].member.needs_until == ()


def test_what_they_are_here_for_in_two_languages():
    member = profile('a,Ada,,"Berlin;vélo","affaires;Be asked, conseil",,crypto').people[0].member
    assert member.ask_about == ("Berlin", "vélo")
    assert member.intents == (Intent.BUSINESS, Intent.BE_ASKED, Intent.ADVISE)
    assert member.avoid_topics == ("crypto",)


@pytest.mark.parametrize(
    ("row", "column", "cure"),
    [
        ("a,Ada,x (until Friday),,,,", "needs", "item 1: until when it holds cannot be read"),
        (f"a,Ada,fine;{'x' * 5_000},,,,", "needs", "item 2 has 5000 characters, at most 120"),
        (f"a,Ada,{'x' * 121} (until 2026-11-30),,,,", "needs", "item 1 has 121 characters"),
        (f"a,Ada,,{'x' * 5_000},,,", "ask_about", "at most 120"),
        ("a,Ada,,,love,,", "intents", "use business, advise, be_asked or company"),
        (f"a,Ada,,,,,{'x' * 5_000}", "avoid_topics", "at most 120"),
        ("a,Ada,,,,bob,", "avoid", "item 1: several members have this name"),
    ],
)
def test_a_profile_that_cannot_be_read_is_told_with_the_cure(row: str, column: str, cure: str):
    (problem,) = profile(row, "b,Bob,,,,,", "c,Bob,,,,,").problems
    assert problem.told.startswith(f"line 2, column {column}: ")
    assert cure in problem.told


def test_a_need_of_120_characters_with_an_end_fits():
    member = profile(f"a,Ada,{'x' * 120} (until 2026-11-30),,,,").people[0].member
    assert member.needs == ("x" * 120,)


def test_emoji_and_right_to_left_text_are_kept_as_written():
    member = (
        profile('a,Ada,"🧑🏽\u200d🎨 logo;מחפש עורך דין (fin du mois);أبحث عن محام",,,,').people[0].member
    )
    assert member.needs == ("🧑🏽\u200d🎨 logo", "מחפש עורך דין", "أبحث عن محام")


def test_whom_they_avoid_is_found_by_id_or_by_whole_name_and_never_themselves():
    file = profile("a,Ada,,,,b; cleo  dee ;Ada,", "b,Bob,,,,,", "c,Cléo Dee,,,,,", "d,Cleo Dee,,,,,")
    assert file.problems == ()
    assert file.people[0].member.avoid == ("b", "d")


def test_whom_they_avoid_may_be_known_to_the_hub_only(database: Database):
    database.write_now(lambda c: write(c, parsed("id,name\nb,Bob Ross\n"), KEY, 1))
    file = profile("a,Ada,,,,bob ross,")
    assert database.write_now(lambda c: write(c, file, KEY, 1)).problems == ()
    ada = database.read_now(lambda c: directory.member_of(c, MemberId("a")))
    assert ada is not None
    assert ada.avoid == ("b",)


def test_whom_nobody_knows_is_told_without_a_name(sqlite: Database):
    (problem,) = sqlite.write_now(lambda c: write(c, profile("a,Ada,,,,Mallory,"), KEY, 1)).problems
    assert problem.told.startswith("line 2, column avoid: item 1: no member has this id")
    assert "Mallory" not in problem.told


def test_a_file_without_a_column_leaves_what_is_known(database: Database):
    first = profile("a,Ada,x (end of month),Berlin,company,b,crypto", "b,Bob,,,,,")
    database.write_now(lambda c: write(c, first, KEY, 1))
    database.write_now(lambda c: write(c, parsed("id,name,trade\na,Ada L.,baker\n"), KEY, 1))
    ada = database.read_now(lambda c: directory.member_of(c, MemberId("a")))
    assert ada == msgspec.structs.replace(first.people[0].member, name="Ada L.", trade="baker")
    database.write_now(lambda c: write(c, parsed("id,name,needs\na,Ada L.,\n"), KEY, 1))
    ada = database.read_now(lambda c: directory.member_of(c, MemberId("a")))
    assert ada is not None
    assert (ada.needs, ada.needs_until, ada.avoid) == ((), (), ("b",))


def test_how_screens_suit_somebody_has_its_columns():
    (person,) = parsed("id,name,large_text,spoken,stays_s\na,Ada,oui,no,90\n").people
    assert person.member.comfort == Comfort(large_text=True, spoken=False, stays_s=90)
    (person,) = parsed("id,name,stays_s\na,Ada,\n").people
    assert person.member.comfort == Comfort()


@pytest.mark.parametrize("cell", ["9", "301", "soon", "-20", "²5"])
def test_a_time_that_is_none_is_refused(cell):
    assert "use whole seconds from 10 to 300" in told(f"id,name,stays_s\na,Ada,{cell}\n")[0]


def test_a_file_without_those_columns_leaves_them_as_they_are(sqlite: Database):
    before = Member(MemberId("a"), "Ada", comfort=Comfort(large_text=True, stays_s=90), host=True)
    sqlite.write_now(lambda c: directory.put_member(c, before))
    sqlite.write_now(lambda c: write(c, parsed("id,name,spoken\na,Ada B.,yes\n"), KEY, 1))
    after = sqlite.read_now(lambda c: directory.member_of(c, MemberId("a")))
    assert after == msgspec.structs.replace(
        before, name="Ada B.", comfort=Comfort(large_text=True, spoken=True, stays_s=90)
    )


def test_who_looks_after_the_place_is_a_column_and_stays_without_it(sqlite: Database):
    def imported(text: str) -> bool:
        file = read(text.encode(), bytes.fromhex)
        assert file.problems == ()
        sqlite.write_now(lambda c: write(c, file, KEY, 1))
        (member,) = sqlite.read_now(directory.all_members)
        return member.host

    assert not imported("id,name\na,Ada\n")
    assert imported("id,name,host\na,Ada,oui\n")
    assert imported("id,name\na,Ada\n"), "the file has no such column: it stays"
    assert not imported("id,name,host\na,Ada,\n")
