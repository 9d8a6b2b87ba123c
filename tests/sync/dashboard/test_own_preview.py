"""What others will see of a member: the same that they do see, for every setting, before it is kept."""

import itertools
import re

import msgspec
import pytest

from community.events import CheckedIn
from community.ids import MemberId
from community.members import Member, Visibility
from sync.store import directory
from tests.sync.dashboard.house import Browser, House
from tests.sync.dashboard.test_own_page import WHOLE, fields
from tests.sync.dashboard.test_own_receipt import opened

LEA = MemberId("lea")
TICKS = ("visible_lobby", "visible_members", "visible_hosts", "introductions")


@pytest.fixture
def page(house: House) -> Browser:
    house.database.write_now(lambda c: directory.put_member(c, WHOLE))
    return opened(house, LEA)


def look(page: Browser, sent: dict[str, str], language: str = "en") -> dict[str, str]:
    """What each place would show, by its name."""
    answer = page.post(f"/me/preview?language={language}", sent, hx_request="true")
    assert answer.status == 200
    assert "<html" not in answer.text
    parts = re.split(r'id="look-(\w+)"', answer.text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def with_ticks(sent: dict[str, str], ticked: tuple[bool, ...]) -> dict[str, str]:
    left = {name: value for name, value in sent.items() if name not in TICKS}
    return left | {name: "yes" for name, on in zip(TICKS, ticked, strict=True) if on}


def test_every_setting_shows_what_it_will_come_to_and_changes_nothing(house: House, host, page: Browser):
    sent = fields(page) | {"need": "une traduction", "name": "Léa Typed"}
    house.happen(CheckedIn(LEA))
    for ticked in itertools.product((True, False), repeat=4):
        lobby, members, hosts, introductions = ticked
        seen = look(page, with_ticks(sent, ticked))
        assert ("Léa Typed" in seen["door"]) is lobby, ticked
        assert ("une traduction" in seen["door"]) is (lobby and members and introductions), ticked
        assert ("Léa Typed" in seen["members"]) is (members and introductions), ticked
        assert ("Léa Typed" in seen["hosts"]) is hosts, ticked
        assert ("Léa Typed" in seen["board"]) is (hosts and members and introductions), ticked
        draft = msgspec.structs.replace(
            WHOLE,
            visibility=Visibility(lobby=lobby, members=members, hosts=hosts),
            introductions=introductions,
        )
        house.database.write_now(lambda c, d=draft: directory.put_member(c, d))
        shown = re.sub(r"<option[^>]*>", "", host.get("/").text)
        assert (WHOLE.name in shown) is hosts, ticked
        house.database.write_now(lambda c: directory.put_member(c, WHOLE))
    assert house.database.read_now(lambda c: directory.member_of(c, LEA)) == WHOLE


def test_it_is_in_the_page_s_language_and_typed_text_stays_text(page: Browser):
    sent = with_ticks(fields(page), (True, True, True, True)) | {"offers": "<i>un logo</i>"}
    french, english = look(page, sent, "fr"), look(page, sent, "en")
    assert "Client ou partenaire" in french["members"]
    assert "Client or partner" in english["members"]
    assert "&lt;i&gt;un logo&lt;/i&gt;" in french["members"]
    assert "<i>" not in french["members"]


@pytest.mark.parametrize(
    "facts",
    [
        {"offers": (), "ask_about": ()},
        {"offers": (), "needs": (), "needs_until": ()},
        {"offers": (), "needs": (), "needs_until": (), "interests": ()},
    ],
    ids=["a need", "an interest", "nothing"],
)
def test_a_card_has_a_reason_whatever_is_written(house: House, facts: dict[str, object]):
    open_one: Member = msgspec.structs.replace(WHOLE, **facts)
    house.database.write_now(lambda c: directory.put_member(c, open_one))
    text = opened(house, LEA).get("/me?language=en").text
    card = text[text.index('id="look-members"') :]
    assert "Léa" in card[:400]


def test_without_a_script_the_page_comes_back_as_typed_and_unsaved(house: House, page: Browser):
    answer = page.post("/me/preview?language=en", fields(page) | {"name": "Léa Typed", "offers": "x" * 121})
    assert answer.status == 422
    assert 'value="Léa Typed"' in answer.text
    assert "Léa Typed" in answer.text[answer.text.index('id="look-hosts"') :]
    assert house.database.read_now(lambda c: directory.member_of(c, LEA)) == WHOLE


def test_nobody_else_s_form_draws_a_preview(house: House, page: Browser):
    assert page.post("/me/preview", fields(page) | {"form_token": "0" * 64}).status == 403
    assert Browser(house).post("/me/preview", {}).status == 403
