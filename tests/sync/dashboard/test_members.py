"""The page of members and badges: what hosts find, and the door behind each button."""

from datetime import UTC, datetime

import pytest

from community.badges import BadgeKey, BadgeStatus, short_code
from community.events import CheckedIn, UnknownBadgeTapped
from community.members import Member
from community.wire.messages import Status
from sync.store import directory, secure_badges
from sync.views.members import MOST_FOUND, OwnBadge, found
from sync.views.people import choices
from tests.sync.dashboard.house import Browser

KEY = BadgeKey(1, b"a secret of the space, 32 bytes.")
BADGE = KEY.hash(bytes.fromhex("04a1b2c3d4e5f6"))
CODE = short_code(BADGE)

EVERYBODY = [
    Member("1", "Élise Cœur-Martin"),
    Member("2", "Zoé", trade="potter"),
    Member("3", "zoe"),
    Member("4", "Øyvind d’Arc"),
    Member("5", "Eva"),
]
OWNED = [("2", OwnBadge(BADGE, CODE, BadgeStatus.ACTIVE, datetime(2026, 1, 2, tzinfo=UTC)))]


def test_names_are_in_their_own_order_whatever_their_accents():
    assert [choice.label for choice in choices(EVERYBODY)][:2] == ["Élise Cœur-Martin", "Eva"]


def names(typed):
    return [holder.member_id for holder in found(EVERYBODY, OWNED, typed).holders]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ["1", "5", "4", "2", "3"]),
        ("elise", ["1"]),
        ("ÉLI mar", ["1"]),
        ("martin  elise", ["1"]),
        ("coeur", ["1"]),
        ("ZOE", ["2", "3"]),
        ("oyv", ["4"]),
        ("d'arc", ["4"]),
        (CODE.lower(), ["2"]),
        ("lise", []),
        ("elise zoe", []),
    ],
)
def test_a_member_is_found_by_beginnings_of_words_without_accents_or_by_a_badge_s_code(typed, ids):
    assert names(typed) == ids


def test_only_so_many_are_shown_and_the_others_counted():
    many = [Member(str(n), f"Name {n}") for n in range(MOST_FOUND + 3)]
    answer = found(many, [], "")
    assert (len(answer.holders), answer.more, answer.everybody) == (MOST_FOUND, 3, MOST_FOUND + 3)


@pytest.fixture
def elise(house):
    member = house.member("m1", "Élise")
    house.link(BADGE, member)
    return member


def badges(house):
    return {b.hash: (b.member_id, b.status) for b in house.database.read_now(secure_badges.all_badges)}


def ask(browser, change, *, seen="active", member="m1", badge=BADGE, **headers):
    """Press the second button of a change, by default as a script of the page would."""
    fields = {
        "form_token": browser.form_token("/members"),
        "change": change,
        "member": member,
        "badge": badge,
        "seen": seen,
    }
    return browser.post("/members", fields, **{"hx_request": "true", **headers})


def test_each_member_is_shown_with_their_badges(house, host, elise):
    house.member("m2", "Ombeline", hosts=False)
    page = " ".join(host.get("/members").text.split())
    assert CODE in page
    assert "linked 1 Jan 1970" in page
    assert "No badge yet" in page
    assert "Ombeline" in page, "without the name a badge cannot be given or taken back"


def test_the_page_says_of_nobody_whether_they_are_in(house, host, elise):
    before = host.get("/members").text
    house.happen(CheckedIn(elise))
    assert host.get("/members").text == before


def test_what_is_typed_finds_on_the_hub_and_never_stands_in_an_address(house, host, elise):
    house.member("m2", "Paul")
    fields = {"form_token": host.form_token("/members"), "typed": "elise"}
    answer = host.post("/members", fields, hx_request="true")
    assert "Élise" in answer.text
    assert "Paul" not in answer.text
    assert "<html" not in answer.text
    page = host.post("/members", fields)
    assert page.status == 200
    assert 'value="elise"' in page.text
    assert "Paul" not in page.text


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        (
            "lost",
            BadgeStatus.LOST,
            f"Badge {CODE} of Élise is lost. At the door it now says: “Please see the host”.",
        ),
        ("revoked", BadgeStatus.REVOKED, f"Badge {CODE} of Élise is revoked."),
    ],
)
def test_a_badge_is_lost_or_revoked_and_works_again_when_that_is_undone(
    house, host, elise, change, status, sentence
):
    answer = ask(host, change)
    assert sentence in answer.text
    assert badges(house) == {BADGE: (elise, status)}
    assert 'value="active" class="plain">Undo' in answer.text
    assert "works again" in ask(host, "active", seen=change).text
    assert badges(house) == {BADGE: (elise, BadgeStatus.ACTIVE)}


@pytest.mark.parametrize("status", BadgeStatus)
def test_an_unlinked_badge_is_nobody_s_and_undoing_it_gives_it_back_as_it_was(house, host, elise, status):
    house.database.write_now(lambda c: directory.set_status(c, BADGE, status))
    answer = ask(host, "unlinked", seen=status.value)
    assert f"Badge {CODE} no longer belongs to Élise." in answer.text
    assert badges(house) == {}
    assert f'name="seen" value="{status.value}"' in answer.text
    assert f"Badge {CODE} belongs to Élise again." in ask(host, "linked", seen=status.value).text
    assert badges(house) == {BADGE: (elise, status)}


def test_erasing_a_member_leaves_neither_profile_nor_badge(house, host, elise):
    house.member("m2", "Paul")
    house.happen(CheckedIn(elise))
    answer = ask(host, "erased", badge="")
    assert "Élise is erased, with every badge." in answer.text
    assert "Undo" not in answer.text
    assert badges(house) == {}
    for page in (host.get("/"), host.get("/members")):
        assert "Élise" not in page.text
    assert host.get("/api/present").json == {"present": 1, "members": []}
    assert "no longer here" in ask(host, "erased", badge="").text


def test_a_change_asked_for_twice_is_made_once_and_said_twice(house, host, elise):
    for change in ("revoked", "unlinked", "linked"):
        seen = "revoked" if change != "revoked" else "active"
        answers = [ask(host, change, seen=seen).text for _ in range(2)]
        assert answers[0] == answers[1]
        assert 'class="good"' in answers[1]


def test_a_page_older_than_the_directory_changes_nothing(house, host, elise):
    house.database.write_now(lambda c: directory.set_status(c, BADGE, BadgeStatus.LOST))
    assert "changed meanwhile" in ask(host, "revoked").text
    assert badges(house) == {BADGE: (elise, BadgeStatus.LOST)}
    paul = house.member("m2", "Paul")
    house.database.write_now(lambda c: directory.unlink(c, BADGE))
    assert "changed meanwhile" in ask(host, "lost").text
    house.link(BADGE, paul)
    for change in ("revoked", "unlinked", "linked"):
        assert "already belongs to another member" in ask(host, change).text
    assert badges(house) == {BADGE: (paul, BadgeStatus.ACTIVE)}


def test_a_badge_cannot_be_given_back_to_somebody_who_was_erased(house, host, elise):
    ask(host, "unlinked")
    ask(host, "erased", badge="")
    assert "This member is no longer here" in ask(host, "linked").text
    assert badges(house) == {}


@pytest.mark.parametrize("strange", ["k1:nonsense", "", "<b>"])
def test_a_badge_that_is_none_changes_nothing(house, host, elise, strange):
    for change in ("lost", "unlinked", "linked"):
        assert "Nothing was done" in ask(host, change, badge=strange).text
    assert len(badges(house)) == 1


def test_an_unknown_change_only_finds(house, host, elise):
    assert CODE in ask(host, "promoted").text
    assert badges(house) == {BADGE: (elise, BadgeStatus.ACTIVE)}


def test_a_kiosk_that_does_not_answer_is_said_to_learn_of_it_later(house, host, elise):
    house.kiosk("garden", Status(online=False))
    assert "The kiosk garden does not answer: it learns this when it is back." in ask(host, "revoked").text


def test_without_a_script_the_whole_page_answers_and_can_undo(house, host, elise):
    answer = host.post(
        "/members",
        {
            "form_token": host.form_token("/members"),
            "change": "lost",
            "member": elise,
            "badge": BADGE,
            "seen": "active",
        },
    )
    assert answer.status == 200
    assert "<html" in answer.text
    assert "is lost" in answer.text
    assert "Undo" in answer.text


def test_everything_is_said_in_french_too(house, host, elise):
    host.post("/language", {"form_token": host.form_token("/members"), "language": "fr", "back": "/members"})
    assert "Membres et badges" in host.get("/members").text
    assert "Passez à l’accueil, s’il vous plaît" in ask(host, "revoked").text


@pytest.mark.parametrize(
    ("back", "place"), [("/members", "/members"), ("https://elsewhere.example", "/"), ("//e", "/")]
)
def test_choosing_a_language_comes_back_to_a_page_of_ours(house, host, back, place):
    fields = {"form_token": host.form_token("/members"), "language": "en", "back": back}
    assert host.post("/language", fields).headers["location"] == place


def test_after_linking_an_unknown_badge_the_member_is_one_step_away(house, host):
    house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    fields = {"form_token": host.form_token("/"), "badge": BADGE, "member": "Élise"}
    answer = host.post("/badges/link", fields, hx_request="true").text.partition("<hx-partial")[0]
    assert 'action="/members"' in answer
    assert 'name="typed" value="Élise"' in answer
    assert 'href="/members"' in host.get("/").text


def test_without_a_login_nothing_is_shown_and_nothing_is_changed(house, elise):
    stranger = Browser(house)
    assert stranger.get("/members").headers["location"] == "/login"
    answer = stranger.post("/members", {"change": "erased", "member": elise})
    assert answer.headers["location"] == "/login"
    assert stranger.post("/members", {}, hx_request="true").headers["hx-redirect"] == "/login"
    assert badges(house) != {}


def test_no_name_and_no_badge_stands_in_the_log(house, host, elise, caplog):
    caplog.set_level("DEBUG")
    for change, seen in (("lost", "active"), ("unlinked", "lost"), ("linked", "lost"), ("erased", "")):
        ask(host, change, seen=seen)
    assert "Élise" not in caplog.text
    assert BADGE not in caplog.text
