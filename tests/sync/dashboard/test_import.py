"""Members from a file, on the dashboard: sent, its columns named, looked at, done."""

import io
import re
from datetime import date
from html import unescape

import msgspec
import pytest
from openpyxl import Workbook

from community.badges import BadgeStatus
from community.ids import MemberId
from community.members import LONGEST_NAME, Member
from sync.dashboard.uploads import KEPT
from sync.store import accounts, deeds, directory, feed, secure_badges
from sync.store.deeds import Deed
from sync.tables import LARGEST_FILE_BYTES
from tests.sync.dashboard.house import BADGE_KEY, LOGIN, Browser, House

PAGE, FILE = "/import", "/import/file"
NEXUDUS = (
    "Id,Full name,Email,Company name,Position,Tariff name,Profile tags,Access card id,Active\n"
    '101,Léa Roy,lea@example.org,Studio Six,illustratrice,Desk,"escalade, échecs",04:A1:A1:A1:A1:A1:A1,True\n'
    "102,Marc Petit,marc@example.org,,comptable,Desk,,,True\n"
    "103,Ève Blanc,eve@example.org,,,Desk,,,False\n"
)
OWN = "id,name,trade\na,Ada,baker\nb,Bob,\n"


def send(browser: Browser, content: bytes | str, name: str = "members.csv", token: str = "") -> str:
    """Send a file as the form does, and return the page that follows."""
    boundary = "----a-boundary-of-ours"
    body = b"".join(
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n'.encode(),
            (token or browser.form_token(PAGE)).encode(),
            f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'.encode(),
            b"\r\nContent-Type: text/csv\r\n\r\n",
            content.encode() if isinstance(content, str) else content,
            f"\r\n--{boundary}--\r\n".encode(),
        )
    )
    answer = browser.ask(
        "POST",
        FILE,
        body,
        content_type=f"multipart/form-data; boundary={boundary}",
        origin=browser.origin,
        sec_fetch_site="same-origin",
    )
    return unescape(browser.get(PAGE).text if answer.status == 303 else answer.text)


def chosen(page: str) -> list[str]:
    """Return what is chosen for each column."""
    selects = re.findall(r"<select.*?</select>", page, re.DOTALL)
    return [(re.search(r'value="(\w*)" selected', select) or re.match("()", select))[1] for select in selects]


def choose(browser: Browser, fields: list[str] | None = None) -> str:
    """Say what the columns mean, as guessed if nothing else is said, and return the page that follows."""
    fields = chosen(browser.get(f"{PAGE}?step=columns").text) if fields is None else fields
    return post(browser, "columns", **{f"c{index}": field for index, field in enumerate(fields)})


def post(browser: Browser, do: str, **fields: str) -> str:
    answer = browser.post(PAGE, {"form_token": browser.form_token(PAGE), "do": do, **fields})
    return unescape(browser.get(PAGE).text if answer.status == 303 else answer.text)


def write(browser: Browser, page: str, **fields: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found, page
    return post(browser, "write", seen=found[1], **fields)


def counts(page: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)}


def everybody(house: House) -> dict[str, Member]:
    return {member.id: member for member in house.database.read_now(directory.all_members)}


def notices(page: str) -> str:
    found = re.search(r'<div id="notice" role="status">(.*?)</div>', page, re.DOTALL)
    assert found
    return found[1]


def imported(browser: Browser, content: bytes | str, fields: list[str] | None = None) -> str:
    send(browser, content)
    return write(browser, choose(browser, fields))


def test_an_export_of_nexudus_goes_in_with_three_clicks(house, host):
    page = send(host, NEXUDUS)
    assert "It looks like an export of Nexudus." in page
    assert chosen(page) == ["id", "name", "", "company", "trade", "", "interests", "badge", "active"]
    assert "Léa Roy" in page
    page = choose(host)
    assert counts(page) == {
        "New": 2,
        "Changed": 0,
        "Unchanged": 0,
        "Lines left out": 0,
        "No longer members": 1,
    }
    assert everybody(house) == {}, "nothing is written before somebody says so"
    page = write(host, page)
    assert "It is done." in notices(page)
    lea = everybody(house)["101"]
    assert (lea.name, lea.company, lea.trade) == ("Léa Roy", "Studio Six", "illustratrice")
    assert lea.interests == ("escalade", "échecs")
    (badge,) = house.database.read_now(secure_badges.all_badges)
    assert (badge.member_id, badge.hash) == ("101", BADGE_KEY.hash(bytes.fromhex("04A1A1A1A1A1A1")))
    assert set(everybody(house)) == {"101", "102"}


def test_a_workbook_goes_in_as_the_file_that_it_would_be(house, host):
    book = Workbook()
    for row in (("id", "name", "joined", "needs"), (7, "Zoé", date(2026, 11, 2), "thé; un vélo")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    page = imported(host, stream.getvalue())
    assert "It is done." in notices(page)
    zoe = everybody(house)["7"]
    assert (zoe.name, zoe.joined, zoe.needs) == ("Zoé", date(2026, 11, 2), ("thé", "un vélo"))


def test_the_same_file_twice_changes_nothing(house, host):
    imported(host, NEXUDUS)
    before, revision = everybody(house), house.database.read_now(feed.revision)
    send(host, NEXUDUS)
    page = choose(host)
    assert counts(page)["Unchanged"] == 2
    assert "everything in this file is known already" in page
    write(host, page)
    assert everybody(house) == before
    assert house.database.read_now(feed.revision) == revision


def test_kiosks_are_told_and_the_record_says_who_did_it(house, host):
    version = house.live.version
    imported(host, OWN)
    assert house.live.version > version
    done = house.database.read_now(lambda c: deeds.latest(c, 50))
    assert [(deed.host, deed.subject) for deed in done if deed.deed is Deed.MEMBERS_IMPORTED] == [
        (LOGIN, "2")
    ]
    assert "took members from a file" in host.get("/record").text


def test_what_changes_is_said_by_column_and_an_empty_cell_leaves_what_is_known(house, host):
    house.member("a", "Ada", trade="miller", company="Mill & Co")
    house.member("b", "Bob", trade="cook")
    send(host, OWN)
    page = choose(host)
    assert counts(page) == {"New": 0, "Changed": 1, "Unchanged": 1, "Lines left out": 0}
    assert re.search(
        r"<b>Ada</b> <small>Line 2</small>\s*<ul class=\"values\">\s*<li>Trade: <del>miller</del>", page
    )
    assert "<ins>baker</ins>" in page
    write(host, page)
    assert everybody(house)["a"].trade == "baker"
    assert everybody(house)["a"].company == "Mill & Co"
    assert everybody(house)["b"].trade == "cook"


def test_three_broken_lines_of_four_hundred_are_named_and_the_others_go_in(house, host):
    lines = [f"m{number};Zoé n° {number};métier" for number in range(400)]
    lines[9], lines[199], lines[399] = 'm9;"Zoé;x', "m199;;x", f"m399;{'x' * 200};x"
    page = send(host, ("id;nom;métier\r\n" + "\r\n".join(lines) + "\r\n").encode("cp1252"))
    assert "The file does not say in which letters it is written." in page
    assert "Zoé n° 0" in page
    page = choose(host)
    assert counts(page) == {"New": 397, "Changed": 0, "Unchanged": 0, "Lines left out": 3}
    assert "<b>Line 11</b> a quotation mark is not closed" in page
    assert "<b>Line 201, nom</b> every member needs a name" in page
    assert f"<b>Line 401, nom</b> it has 200 characters, at most {LONGEST_NAME} fit" in page
    assert "and 297 other lines" in page
    write(host, page)
    assert len(everybody(house)) == 397
    assert everybody(house)["m0"].name == "Zoé n° 0"


def test_people_are_told_apart_by_an_address_that_is_kept_nowhere(house, host):
    text = "Prénom,Nom,E-mail\nLéa,Roy,Lea@Example.org\nMarc,Petit,marc@example.org\n"
    page = send(host, text)
    assert chosen(page) == ["first_name", "last_name", "email"]
    write(host, choose(host))
    assert {member.name for member in everybody(house).values()} == {"Léa Roy", "Marc Petit"}
    page = send(host, text.replace("Lea@Example.org", " lea@example.org ")) and choose(host)
    assert counts(page)["Unchanged"] == 2
    assert "example.org" not in str(everybody(house)).lower()


def test_a_line_without_anything_to_tell_people_apart_is_left_out(host):
    send(host, "Nom,E-mail\nLéa,lea@example.org\nMarc,\n")
    page = choose(host)
    assert counts(page)["Lines left out"] == 1
    assert "<b>Line 3, E-mail</b> every member needs an id" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (["id", "name", "name"], "Two columns are chosen for the same thing: Whole name."),
        (["id", "", ""], "Choose the column that holds people’s names."),
        (["", "name", ""], "Choose the column that tells people apart"),
        (["id", "nonsense", "host"], "Choose the column that holds people’s names."),
    ],
)
def test_columns_that_cannot_be_so_are_said_and_the_choice_stays(house, host, fields, said):
    send(host, OWN)
    page = choose(host, fields)
    assert said in notices(page)
    assert chosen(page) == ["" if field in {"nonsense", "host"} else field for field in fields]
    assert everybody(house) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this file is empty"),
        (b"\xef\xbb\xbf\r\n", "this file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "this is not a CSV file"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "this is not a CSV file"),
        (b"PK\x03\x04\x14\x00\x06\x00", "this is a packed file, but no workbook"),
        (b"a," * 300, "too many columns"),
        (b"id,name\n" + b"a,b\n" * 20_001, "larger than any list"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(house, host, content, said):
    page = send(host, content)
    assert "This file was not taken:" in notices(page)
    assert said in notices(page)
    assert 'type="file"' in page


def test_a_form_without_a_file_asks_for_one(host):
    assert "Choose a file first." in notices(send(host, b"", name=""))


def test_twenty_megabytes_are_refused_with_a_page_of_their_own(host):
    page = send(host, b"x" * 20_000_000)
    assert "This file is too large" in page
    assert "Nothing was changed." in page


def test_a_file_as_large_as_may_be_passes_the_guard(host):
    content = b"id,name\n" + b"a," + b"x" * (LARGEST_FILE_BYTES - 11) + b"\n"
    assert len(content) <= LARGEST_FILE_BYTES
    assert "too large" not in send(host, content)


def test_scripts_in_every_field_are_only_text(house, host):
    evil = "<script>alert(1)</script>"
    page = send(host, f"{evil},name,trade\nx,{evil},{evil}\n")
    raw = host.get(PAGE).text
    assert evil not in raw
    write(host, choose(host, ["id", "name", "trade"]))
    assert evil not in host.get("/members").text
    assert everybody(house)["x"].name == evil
    assert evil in page, "unescaped it is there to be read"


def test_emoji_and_other_scripts_come_through(house, host):
    imported(host, "id,name,needs\na,Zoë 🧑🏽\u200d🎨,מחפש עורך דין\n")
    assert everybody(house)["a"].name == "Zoë 🧑🏽\u200d🎨"
    assert everybody(house)["a"].needs == ("מחפש עורך דין",)


def test_what_another_host_changed_meanwhile_is_not_overwritten(house, host):
    house.member("a", "Ada", trade="miller")
    send(host, OWN)
    page = choose(host)
    house.member("a", "Ada Lovelace", trade="miller")
    page = write(host, page)
    assert "Nothing was changed: somebody changed one of these members meanwhile." in notices(page)
    assert everybody(house)["a"].name == "Ada Lovelace"
    assert "b" not in everybody(house)
    assert "It is done." in notices(write(host, page))
    assert everybody(house)["a"].trade == "baker"


def test_a_change_of_somebody_who_is_not_in_the_file_is_nobody_s_business(house, host):
    send(host, OWN)
    page = choose(host)
    house.member("c", "Cleo")
    assert "It is done." in notices(write(host, page))


def test_a_lost_badge_stays_lost(house, host):
    imported(host, NEXUDUS)
    (badge,) = house.database.read_now(secure_badges.all_badges)
    house.database.write_now(lambda c: directory.set_status(c, badge.hash, BadgeStatus.LOST))
    send(host, NEXUDUS)
    page = choose(host)
    assert counts(page)["Unchanged"] == 2
    write(host, page)
    (badge,) = house.database.read_now(secure_badges.all_badges)
    assert badge.status is BadgeStatus.LOST


def test_a_badge_of_somebody_else_leaves_the_whole_line_out(house, host):
    house.link(BADGE_KEY.hash(bytes.fromhex("04A1A1A1A1A1A1")), house.member("x", "Xavier"))
    send(host, NEXUDUS)
    page = choose(host)
    assert counts(page)["Lines left out"] == 1
    assert "is already linked to another member" in page
    assert "Xavier" not in page
    write(host, page)
    assert set(everybody(house)) == {"x", "102"}


def test_who_was_erased_comes_back_only_if_a_host_says_so(house, host):
    house.member("a", "Ada")
    house.database.write_now(lambda c: directory.remove_member(c, MemberId("a")))
    send(host, OWN)
    page = choose(host)
    assert "Bring back 1 person who was erased here" in page
    write(host, page)
    assert set(everybody(house)) == {"b"}
    send(host, OWN)
    write(host, choose(host), back="yes")
    assert set(everybody(house)) == {"a", "b"}


def test_a_second_person_of_a_name_is_pointed_out(house, host):
    house.member("old-id", "ada")
    send(host, OWN)
    assert "somebody of this name is here already, under another id" in choose(host)


def test_nobody_becomes_a_keeper_of_the_place_by_a_file(house, host):
    page = send(host, "id,name,host\na,Ada,yes\n")
    assert chosen(page) == ["id", "name", ""]
    write(host, choose(host, ["id", "name", "host"]))
    assert not everybody(house)["a"].host


def test_a_file_waits_for_half_an_hour_and_no_longer(house, host):
    send(host, OWN)
    page = choose(host)
    house.clock.move(KEPT)
    page = write(host, page)
    assert "The file is no longer here" in notices(page)
    assert everybody(house) == {}
    assert 'type="file"' in host.get(PAGE).text


def test_each_login_has_its_own_file(house, host):
    other = Browser(house)
    other.log_in()
    send(host, OWN)
    assert 'type="file"' in other.get(PAGE).text
    assert "Bob" not in other.get(PAGE).text


def test_a_file_can_be_forgotten(house, host):
    send(host, OWN)
    assert 'type="file"' in post(host, "drop")


def test_nobody_else_s_form_and_nobody_without_the_role(house, host):
    assert "This form is too old" in send(host, OWN, token="0" * 64)
    assert Browser(house).get(PAGE).status == 303
    house.database.write_now(lambda c: accounts.set_role(c, 1, "auditor"))
    assert host.get(PAGE).status == 403


def test_a_form_that_is_no_form_is_refused(host):
    for kind in ("text/plain", "multipart/form-data", "multipart/form-data; boundary=x"):
        answer = host.ask(
            "POST", FILE, b"nothing", content_type=kind, origin=host.origin, sec_fetch_site="same-origin"
        )
        assert answer.status == 400, kind


def test_no_name_and_no_number_is_logged(house, host, caplog):
    caplog.set_level("DEBUG")
    imported(host, NEXUDUS)
    said = caplog.text.lower()
    assert "léa" not in said
    assert "a1:a1" not in said
    assert "example.org" not in said


def test_the_report_speaks_french(house):
    browser = Browser(house, language="fr")
    browser.set_up()
    send(browser, "id,nom\na,\nb,Bob\n")
    page = choose(browser)
    assert "Ligne 2, nom" in page
    assert "chaque membre a besoin d’un nom" in page


def test_what_is_read_is_what_the_command_would_read(house, host):
    """The same file, our own columns: the dashboard and the command make the same people of it."""
    from sync.members_file import read

    text = "id,name,needs,visibility,languages\na,Ada,a logo (until 2026-11-30);a flat,named,fr;en\n"
    imported(host, text)
    (person,) = read(text.encode(), bytes.fromhex).people
    assert msgspec.to_builtins(everybody(house)["a"]) == msgspec.to_builtins(person.member)
