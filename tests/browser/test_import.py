"""Members from a file in a real browser: the whole way, with a thumb, with keys, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from sync.store import directory

pytestmark = pytest.mark.browser

SAYS = {
    "fr": {
        "members": "Membres et badges",
        "import": "Membres depuis un fichier",
        "look": "Le regarder",
        "origin": "Il ressemble à un export de Nexudus.",
        "see": "Voir ce qui changerait",
        "do": "Le faire, sans les lignes écartées",
        "line": "Ligne 4, Full name",
        "why": "chaque membre a besoin d’un nom",
        "done": "C’est fait.",
        "nothing": "Il n’y a rien à faire",
        "columns": "Revenir aux colonnes",
        "trade": "Métier",
        "forget": "Oublier ce fichier",
    },
    "en": {
        "members": "Members and badges",
        "import": "Members from a file",
        "look": "Look at it",
        "origin": "It looks like an export of Nexudus.",
        "see": "See what would change",
        "do": "Do it, without the lines left out",
        "line": "Line 4, Full name",
        "why": "every member needs a name",
        "done": "It is done.",
        "nothing": "There is nothing to do",
        "columns": "Back to the columns",
        "trade": "Trade",
        "forget": "Forget this file",
    },
}

FILE = {
    "name": "coworkers.csv",
    "mimeType": "text/csv",
    "buffer": (
        "Id,Full name,Email,Company name,Position,Tariff name,Access card id,Notes\r\n"
        '101,Léa Roy,lea@example.org,Studio Six,illustratrice,Desk,,"12, rue du Four\r\nParis"\r\n'
        f"103,,x@example.org,,,Desk,,\r\n104,{'Wilhelmina-' * 5},w@example.org,{'A' * 110},,Desk,,\r\n"
    ).encode(),
}


def is_not_too_wide(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_host_takes_members_from_an_export(house, open_page, set_up, width, language, javascript):
    say = SAYS[language]
    page = set_up(open_page(width=width, height=844, language=language, javascript=javascript))
    page.get_by_role("link", name=say["members"]).click()
    page.get_by_role("link", name=say["import"]).click()
    page.locator("#file").set_input_files(FILE)
    page.get_by_role("button", name=say["look"]).click()

    expect(page.get_by_text(say["origin"])).to_be_visible()
    expect(page.get_by_text("Léa Roy")).to_be_visible()
    expect(page.get_by_label("Full name")).to_have_value("name")
    expect(page.get_by_label("Notes")).to_have_value("")
    assert is_not_too_wide(page, width)
    page.get_by_role("button", name=say["see"]).click()

    expect(page.get_by_text(say["line"])).to_be_visible()
    expect(page.get_by_text(say["why"])).to_be_visible()
    assert is_not_too_wide(page, width)
    page.get_by_role("link", name=say["columns"]).click()
    page.get_by_label("Position").select_option("")
    page.get_by_role("button", name=say["see"]).click()
    assert house.database.read_now(directory.all_members) == ()
    page.get_by_role("button", name=say["do"]).click()

    expect(page.get_by_text(say["done"])).to_be_visible()
    assert is_not_too_wide(page, width)
    lea, wilhelmina = house.database.read_now(directory.all_members)
    assert (lea.name, lea.company, lea.trade) == ("Léa Roy", "Studio Six", "")
    assert wilhelmina.company == "A" * 110


def test_a_file_that_is_known_already_offers_nothing_to_do_and_can_be_forgotten(house, open_page, set_up):
    page = set_up(open_page(width=390, height=844))
    house.member("a", "Ada")
    page.goto("/import")
    page.locator("#file").set_input_files({**FILE, "buffer": b"id;name\na;Ada\n"})
    page.get_by_role("button", name=SAYS["en"]["look"]).click()
    page.get_by_role("button", name=SAYS["en"]["see"]).click()
    expect(page.get_by_text(SAYS["en"]["nothing"])).to_be_visible()
    page.get_by_role("button", name=SAYS["en"]["forget"]).click()
    expect(page.locator("#file")).to_be_visible()


def test_keys_alone_are_enough(house, open_page, set_up):
    page = set_up(open_page())
    page.goto("/import")
    page.locator("#file").set_input_files({**FILE, "buffer": b"id;name;x\na;Ada;baker\n"})
    page.get_by_role("button", name=SAYS["en"]["look"]).press("Enter")
    page.get_by_label("x", exact=True).focus()
    page.keyboard.type("Trade")
    expect(page.get_by_label("x", exact=True)).to_have_value("trade")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Do it").press("Enter")
    expect(page.get_by_text("It is done.")).to_be_visible()
    (ada,) = house.database.read_now(directory.all_members)
    assert ada.trade == "baker"


def test_twenty_megabytes_are_answered_with_a_page(open_page, set_up):
    page = set_up(open_page(refusals=True))
    page.goto("/import")
    page.locator("#file").set_input_files({**FILE, "buffer": b"x" * 20_000_000})
    page.get_by_role("button", name=SAYS["en"]["look"]).click()
    expect(page.get_by_role("heading", name="This file is too large")).to_be_visible()
