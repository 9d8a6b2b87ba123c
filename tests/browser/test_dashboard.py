"""The hosts' dashboard in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from community.badges import BadgeKey, BadgeStatus, short_code
from community.events import CheckedIn, CheckedOut, MoodChosen, UnknownBadgeTapped
from community.members import Mood
from sync.store import secure_badges
from tests.sync.dashboard.house import LOGIN, PASSWORD

pytestmark = pytest.mark.browser

BADGE = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04a1b2c3d4e5f6"))


def test_the_first_host_comes_in_with_the_code_of_the_console_and_later_with_a_password(
    house, open_page, set_up
):
    page = set_up(open_page())
    expect(page.get_by_role("heading", name="Le Nook")).to_be_visible()
    page.get_by_text("Log out").click()
    page.get_by_role("button", name="On this device").click()
    page.locator("#login").fill(LOGIN)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#present")).to_have_text("0")


def test_an_arrival_appears_without_reloading(house, open_page, set_up, live):
    elise = house.member("m1", "Élise", needs=("a photographer",))
    page = live(set_up(open_page()))
    page.evaluate("window.sameDocument = true")
    house.happen(CheckedIn(elise))
    expect(page.locator("#roster")).to_contain_text("Élise")
    expect(page.locator("#present")).to_have_text("1")
    house.happen(MoodChosen(elise, Mood.LOOKING))
    expect(page.locator("#roster")).to_contain_text("a photographer")
    house.clock.move(timedelta(minutes=3))
    house.happen(CheckedOut(elise))
    expect(page.locator("#present")).to_have_text("0")
    expect(page.locator("#today")).to_contain_text("Élise leaves")
    assert page.evaluate("window.sameDocument")


def test_an_unknown_badge_is_linked_in_two_clicks(house, open_page, set_up, live):
    house.member("m1", "Élise")
    page = live(set_up(open_page()))
    house.happen(UnknownBadgeTapped(BADGE))
    field = page.get_by_label("Whose badge is it?")
    field.fill("Élise")
    page.get_by_role("button", name="Link").click()
    expect(page.locator("#notice")).to_contain_text(f"Badge {short_code(BADGE)} now belongs to Élise.")
    expect(page.locator("#badges")).to_contain_text("No badge is waiting")
    assert page.url.endswith("/")


def test_the_answer_is_said_even_if_the_stream_was_faster(house, open_page, set_up, live):
    house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    page = live(set_up(open_page()))
    house.on_loop(house.gate.clear)
    page.get_by_label("Whose badge is it?").fill("Élise")
    page.get_by_role("button", name="Link").click()
    expect(page.locator("#badges")).to_contain_text("No badge is waiting")
    house.on_loop(house.gate.set)
    expect(page.locator("#notice")).to_contain_text("now belongs to Élise")


def test_what_a_host_is_typing_outlives_what_happens_meanwhile(house, open_page, set_up, live):
    elise = house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    page = live(set_up(open_page()))
    field = page.get_by_label("Whose badge is it?")
    field.press_sequentially("Éli")
    other = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04ffffffffffff"))
    house.clock.move(timedelta(minutes=1))
    house.happen(UnknownBadgeTapped(other))
    house.happen(CheckedIn(elise))
    expect(page.locator("article.unknown")).to_have_count(2)
    expect(page.locator(":focus")).to_have_value("Éli")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_phone_shows_the_whole_page_without_scrolling_sideways(house, open_page, set_up, language):
    for number in range(8):
        name = f"Marie-Antoinette de la Rochefoucauld {number}"
        member = house.member(f"m{number}", name, trade="rédactrice et traductrice technique")
        house.happen(CheckedIn(member))
        house.happen(MoodChosen(member, Mood.LOOKING))
    house.happen(UnknownBadgeTapped(BADGE))
    page = set_up(open_page(language=language, width=360, height=740))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_a_host_reads_the_page_in_french_or_in_english(house, open_page, set_up):
    house.happen(CheckedIn(house.member("m1", "Élise")))
    page = set_up(open_page(language="fr"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#presence")).to_contain_text("personne ici")
    expect(page.locator("#roster time")).to_have_text("9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}42")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#presence")).to_contain_text("person here now")
    expect(page.locator("#roster time")).to_have_text("9:42")


def test_logging_out_ends_the_stream_and_takes_every_tab_to_the_login(house, open_page, set_up, live):
    page = live(set_up(open_page()))
    other = page.context.new_page()
    other.goto("/")
    live(other)
    page.get_by_text("Log out").click()
    page.get_by_role("button", name="On all my devices").click()
    expect(page.get_by_role("heading", name="Good to see you")).to_be_visible()
    expect(other.get_by_role("heading", name="Good to see you")).to_be_visible()
    assert house.on_loop(lambda: house.live.watching) == 0


def test_the_page_is_live_even_if_a_script_comes_late(open_page, set_up, live):
    page = open_page()

    def late(route):
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/vendor/hx-sse*", late)
    live(set_up(page))


def test_without_javascript_the_page_works_by_reloading(house, open_page, set_up):
    house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    page = set_up(open_page(javascript=False))
    page.get_by_label("Whose badge is it?").fill("élise")
    page.get_by_role("button", name="Link").click()
    expect(page.locator("#notice")).to_contain_text("The badge is linked.")
    expect(page.locator("#badges")).to_contain_text("No badge is waiting")


def test_the_page_can_be_used_with_the_keyboard_alone(house, open_page, set_up, live):
    house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    page = live(set_up(open_page()))
    page.get_by_label("Whose badge is it?").focus()
    page.keyboard.type("Élise")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("now belongs to Élise")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390)])
def test_a_badge_is_revoked_in_two_clicks_and_that_is_said_and_undone(
    house, open_page, set_up, language, width
):
    elise = house.member("m1", "Élise")
    house.member("m2", "Paul")
    house.link(BADGE, elise)
    page = set_up(open_page(language=language, width=width))
    revoke, sure, said, undo = {
        "en": ("Revoke", "Yes, revoke it", "“Please see the host”", "Undo"),
        "fr": (
            "Désactiver",
            "Oui, le désactiver",
            "Passez à l’accueil, s’il vous plaît",
            "Annuler ce changement",
        ),
    }[language]
    page.get_by_role("link", name={"en": "Members and badges", "fr": "Membres et badges"}[language]).click()
    page.locator("#typed").press_sequentially("eli")
    expect(page.locator(".holders > li")).to_have_count(1)
    expect(page.locator(":focus")).to_have_value("eli")
    page.get_by_role("button", name=revoke).click()
    expect(page.get_by_role("dialog")).to_contain_text(said)
    page.get_by_role("button", name=sure).click()
    expect(page.locator("#notice")).to_contain_text(said)
    expect(page.locator("#notice")).to_be_in_viewport()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".pill.revoked")).to_be_visible()
    assert house.database.read_now(secure_badges.all_badges)[0].status is BadgeStatus.REVOKED
    page.get_by_role("button", name=undo).click()
    expect(page.locator(".pill.active")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_change_can_be_thought_better_of(house, open_page, set_up):
    house.link(BADGE, house.member("m1", "Élise"))
    page = set_up(open_page())
    page.goto("/members")
    page.get_by_role("button", name="Erase…").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Erase…").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".holders")).to_contain_text("Élise")


def test_without_javascript_a_member_is_found_and_a_badge_is_lost(house, open_page, set_up):
    house.link(BADGE, house.member("m1", "Élise"))
    house.member("m2", "Paul")
    page = set_up(open_page(javascript=False))
    page.goto("/members")
    page.get_by_label("Find a member").fill("elise")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".holders > li")).to_have_count(1)
    page.get_by_role("button", name="Lost").click()
    page.get_by_role("button", name="Yes, it is lost").click()
    expect(page.locator("#notice")).to_contain_text("is lost")
