"""A member's receipt: theirs alone, in plain lines, to take away; for the space only sums."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from community.events import CheckedIn, Introduced, Met, Shown
from community.ids import KioskId, MemberId
from community.introductions.slots import Slot
from community.members import Visibility
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from sync.dashboard.own_receipt import MOST_AMOUNT, read_line
from sync.store import briefs, directory, receipts
from sync.store.briefs import Mark, Marked
from sync.store.receipts import MOST_LINES, KeptMeeting, Kind, Line
from tests.sync.dashboard.house import BADGE_KEY, SPACE_ID, Browser, House

TODAY = date(2026, 11, 23)
LEA, AMINA, TOM = MemberId("lea"), MemberId("amina"), MemberId("tom")
OPEN = {"visibility": Visibility(lobby=False, members=True, hosts=True)}


def opened(house: House, member: MemberId, nonce: int = 0, language: str = "en") -> Browser:
    """A phone with a member's page open."""
    issued_s = int(house.clock.at().timestamp())
    claim = claim_of(Means.KEYED, issued_s, nonce.to_bytes(NONCE_BYTES), KioskId("door"), member)
    code = written(claim, keyed_proof(BADGE_KEY.secret, what_is_proved(SPACE_ID, member, claim)))
    phone = Browser(house, language=language)
    assert phone.get(f"/me/{code}").status == 303
    return phone


def put(house: House, member_id: MemberId, name: str, *, named: bool) -> None:
    house.member(member_id, name, languages=("en",))
    known = house.database.read_now(lambda c: directory.member_of(c, member_id))
    assert known is not None
    seen = Visibility(members=named)
    house.database.write_now(
        lambda c: directory.put_member(
            c, type(known)(known.id, known.name, languages=("en",), visibility=seen)
        )
    )


@pytest.fixture
def page(house: House) -> Browser:
    put(house, LEA, "Léa", named=True)
    put(house, AMINA, "Amina", named=True)
    put(house, TOM, "Tom Secret", named=False)
    return opened(house, LEA)


def write(page: Browser, **fields: str):
    token = page.form_token("/me/receipt")
    line = {"do": "write", "kind": "work", "text": "A website for Amina", "day": "2026-11-20", "amount": ""}
    return page.post("/me/receipt", {"form_token": token, **line, **fields})


def lines(house: House, member: MemberId = LEA) -> tuple[Line, ...]:
    return house.database.read_now(lambda c: receipts.lines(c, member))


def test_people_met_days_and_how_it_came_about_stand_on_it(house: House, page: Browser):
    before = house.clock.at() - timedelta(days=3)
    house.happen(CheckedIn(LEA), before)
    house.happen(Introduced(LEA, (Shown(AMINA, Slot.PARTNER),)), before)
    house.happen(CheckedIn(LEA))
    house.happen(Met(AMINA, LEA))
    text = page.get("/me/receipt").text
    assert "I was here on 2 days." in text
    assert "I met 1 person." in text
    assert "Amina" in text
    assert "introduced by the screen" in text
    assert "23 November 2026" in text


def test_a_day_told_by_a_clock_that_was_not_set_is_put_right_by_what_its_door_said_later(
    house, page: Browser
):
    house.happen(CheckedIn(LEA), synced=False)
    house.happen(CheckedIn(AMINA))
    assert "I was here on 1 day." in page.get("/me/receipt?span=2026-11").text


def test_what_a_host_introduced_is_said_so(house: House, page: Browser):
    marked = Marked("pair:amina:lea", TODAY, Mark.INTRODUCED, TODAY, "camille", 1)
    house.database.write_now(lambda c: briefs.put(c, marked))
    house.happen(Met(LEA, AMINA))
    assert "introduced by a host" in page.get("/me/receipt").text


def test_who_would_rather_not_be_named_to_members_is_not_named_here_either(house: House, page: Browser):
    house.happen(Met(LEA, TOM))
    for path in ("/me/receipt", "/me/receipt.json", "/me/receipt.csv"):
        answer = page.get(path)
        assert answer.status == 200
        assert "Secret" not in answer.text
        assert TOM not in answer.text
    assert "Somebody who would rather not be named" in page.get("/me/receipt").text


def test_a_month_a_quarter_and_a_year_are_asked_for(house: House, page: Browser):
    house.happen(CheckedIn(LEA), house.clock.at() - timedelta(days=50))
    house.happen(CheckedIn(LEA))
    for span, days in (
        ("2026-11", "1 day."),
        ("2026-Q4", "2 days."),
        ("2026", "2 days."),
        ("2025", "0 days."),
    ):
        assert f"I was here on {days}" in page.get(f"/me/receipt?span={span}").text, span
    assert "Quarter" not in page.get("/me/receipt?span=<script>").text.replace("quarter 4 of 2026", "")
    assert "Novembre 2026" in page.get("/me/receipt?span=2026-11&language=fr").text.replace(
        "novembre", "Novembre"
    )


def test_a_line_is_written_counted_uncounted_and_taken_away(house: House, page: Browser):
    answer = write(page, amount="1 200", counted="yes")
    assert answer.headers["location"] == "/me/receipt?span=2026-Q4&said=written"
    (line,) = lines(house)
    assert (line.kind, line.text, line.amount, line.counted) == (Kind.WORK, "A website for Amina", 1200, True)
    text = page.get("/me/receipt?said=written").text
    assert "counted in the space’s sums" in text
    assert "Together it was worth 1200 to me." in text
    token = page.form_token("/me/receipt")
    page.post("/me/receipt", {"form_token": token, "do": "uncount", "line": str(line.id)})
    assert not lines(house)[0].counted
    page.post("/me/receipt", {"form_token": token, "do": "remove", "line": str(line.id)})
    assert lines(house) == ()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 121}, "text"),
        ({"day": "2026-11-24"}, "day"),
        ({"day": "soon"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "1969-01-01"}, "day"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "12.50"}, "amount"),
        ({"amount": str(MOST_AMOUNT + 1)}, "amount"),
        ({"amount": "9" * 12}, "amount"),
        ({"kind": "gossip"}, "kind"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(fields: dict[str, str], wrong: str):
    typed = {"kind": "given", "text": "a talk", "day": "2026-11-23", "amount": "", "counted": ""}
    assert read_line(typed, TODAY) == (Line(0, TODAY, Kind.GIVEN, "a talk", None, False), frozenset())
    assert read_line({**typed, **fields}, TODAY) == (None, {wrong})


def test_a_line_that_is_wrong_is_shown_again_as_it_was_typed(house: House, page: Browser):
    answer = write(page, amount="lots", text="<b>a job</b>")
    assert answer.status == 422
    assert "&lt;b&gt;a job&lt;/b&gt;" in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert lines(house) == ()


def test_nobody_touches_another_member_s_lines_and_no_host_reads_them(house: House, host, page: Browser):
    write(page)
    (line,) = lines(house)
    other = opened(house, AMINA, nonce=1)
    token = other.form_token("/me/receipt")
    for do in ("remove", "uncount"):
        other.post("/me/receipt", {"form_token": token, "do": do, "line": str(line.id)})
    assert lines(house) == (line,)
    for path in ("/me/receipt", "/me/receipt.json", "/me/receipt.csv"):
        assert host.get(path).status == 403
        assert Browser(house).get(path).status == 403
    assert page.post("/me/receipt", {"form_token": "0" * 64, "do": "remove", "line": "1"}).status == 403
    for path in ("/", "/members/lea", "/came-of-it", "/introductions", "/record", "/brief", "/needs"):
        assert "website for Amina" not in host.get(path).text, path


def test_there_is_an_end_to_lines(house: House, page: Browser):
    line = Line(0, TODAY, Kind.GIVEN, "a talk", None, False)

    def fill(connection) -> None:
        for _ in range(MOST_LINES):
            receipts.write_line(connection, LEA, line, TODAY)

    house.database.write_now(fill)
    assert "too many lines already" in write(page).text
    assert len(lines(house)) == MOST_LINES


def test_it_is_taken_away_as_json_and_as_csv_that_no_spreadsheet_runs(house: House, page: Browser):
    house.happen(CheckedIn(LEA))
    house.happen(Met(LEA, AMINA))
    write(page, text="=HYPERLINK(1)", amount="70")
    told = page.get("/me/receipt.json?span=2026-11").json
    assert (told["span"], told["days_present"]) == ("2026-11", 1)
    assert [(met["name"], met["days"], met["how"]) for met in told["met"]] == [
        ("Amina", ["2026-11-23"], "ourselves")
    ]
    assert told["came_of_it"][0]["text"] == "=HYPERLINK(1)"
    answer = page.get("/me/receipt.csv?span=2026-11")
    assert answer.headers["content-disposition"] == 'attachment; filename="foyer-2026-11.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["what"] for row in rows] == ["days_present", "met", "came_of_it"]
    assert (rows[2]["text"], rows[2]["amount"]) == ("'=HYPERLINK(1)", "70")


def test_what_is_kept_of_earlier_days_is_on_it_and_is_let_go_of_when_asked(house: House, page: Browser):
    def keep(connection) -> None:
        receipts.add_days(connection, {(LEA, "2026-03"): 4, (MemberId("gone"), "2026-03"): 9})
        receipts.add_days(connection, {(LEA, "2026-03"): 2})
        met = KeptMeeting(LEA, AMINA, date(2026, 3, 4), "a newer word", "mine", True)
        receipts.add_meetings(
            connection, [met, KeptMeeting(LEA, MemberId("gone"), TODAY, "host", "mine", True)]
        )

    house.database.write_now(keep)
    text = page.get("/me/receipt?span=2026-Q1").text
    assert "I was here on 6 days." in text
    assert all(words in text for words in ("Amina", "by ourselves", "I found it useful", "I looked for"))
    told = page.get("/me/everything.json").json
    assert told["days_kept"] == {"2026-03": 6}
    assert told["meetings_kept"] == [
        {"day": "2026-03-04", "how": "a newer word", "about": "mine", "useful": True}
    ]
    token = page.form_token("/me/receipt")
    page.post("/me/receipt?span=2026-Q1", {"form_token": token, "do": "forget"})
    assert "I was here on 0 days." in page.get("/me/receipt?span=2026-Q1").text


def test_all_of_it_goes_with_the_member_and_their_name_from_others(house: House, page: Browser):
    write(page)
    met = [
        KeptMeeting(LEA, AMINA, TODAY, "host", "mine", False),
        KeptMeeting(AMINA, LEA, TODAY, "host", "mine", False),
    ]

    def work(connection) -> tuple[object, ...]:
        receipts.add_meetings(connection, met)
        receipts.add_days(connection, {(LEA, "2026-03"): 4})
        directory.remove_member(connection, LEA)
        return (
            *receipts.lines(connection, LEA),
            *receipts.meetings(connection, LEA),
            *receipts.meetings(connection, AMINA),
            *receipts.days(connection, LEA),
        )

    assert house.database.write_now(work) == ()
    assert page.get("/me/receipt").status == 403


def test_hosts_read_sums_of_quarters_that_are_over_and_nothing_else(house: House, host):
    def fill(connection) -> None:
        for number in range(6):
            one = MemberId(f"m{number}")
            directory.put_member(connection, type(known)(one, f"Name{number}"))
            agreed = Line(0, TODAY, Kind.WORK, f"secret words {number}", 333, number < 5)
            receipts.write_line(connection, one, agreed, date(2026, 9, 30))
            receipts.write_line(connection, one, agreed, TODAY)
            given = Line(0, TODAY, Kind.GIVEN, "a talk", None, number < 4)
            receipts.write_line(connection, one, given, date(2026, 9, 1))

    house.member("m0", "Name0")
    known = house.database.read_now(lambda c: directory.member_of(c, MemberId("m0")))
    assert known is not None
    house.database.write_now(fill)
    text = " ".join(host.get("/came-of-it").text.split())
    third = text[text.index("Quarter 3 of 2026") :]
    assert '5 times</span></p> <p class="why">worth 1600 or more together' in third
    assert third.count("too few to say") == 2
    assert third.count("Too few to say: fewer than 5 people") == 3
    assert "secret" not in text
    assert not re.search(r"Name\d", text)
    assert "What quarter 4 of 2026 brings stands here once it is over" in text
    house.database.write_now(lambda c: directory.remove_member(c, MemberId("m1")))
    assert "worth 1600 or more together" in " ".join(host.get("/came-of-it").text.split())
