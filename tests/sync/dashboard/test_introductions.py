"""The page of introductions: what hosts may see, and the tables they open."""

from datetime import date

import msgspec
import pytest

from community.events import Answer, Answered, CheckedIn, Met, Paired, TableAnswered
from community.ids import MemberId
from community.introductions.learning import Direction
from community.introductions.pairing import DayPlan, Pairing
from community.introductions.reasons import (
    BothLike,
    CatchUp,
    HostSays,
    KnowsThePlace,
    NewHere,
    OpenToChat,
    Reason,
    SharedLanguage,
    TheyAsk,
    TheyKnow,
    TheyNeed,
    TheyOffer,
)
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.members import Intent, Member, Visibility
from sync.dashboard.reasons import lesson, why
from sync.dashboard.rendering import Pages
from sync.introductions.learned import Learned, LessonKept, keep_learned
from sync.store import directory, feed, introductions
from sync.store.feed import Change, Kind
from tests.sync.dashboard.house import PARIS, Browser, House
from tests.sync.introductions.house import MODEL, vectors_of

ADA, BOB, EVE, KIM = (MemberId(name) for name in ("ada", "bob", "eve", "kim"))
PAGE = "/introductions"


def put(house: House, name: str, *, hosts: bool = True, needs=(), offers=(), **more) -> MemberId:
    member = Member(
        MemberId(name.lower()),
        name,
        visibility=Visibility(lobby=True, members=True, hosts=hosts),
        introductions=True,
        intents=(Intent.BUSINESS,),
        needs=needs,
        offers=offers,
        **more,
    )

    def work(connection):
        directory.put_member(connection, member)
        feed.write(connection, [Change(Kind.WORDS, member.id, vectors_of(member))])
        feed.write(connection, [Change(Kind.TEXT, "text", MODEL)])

    house.database.write_now(work)
    house.happen(CheckedIn(member.id))
    return member.id


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


@pytest.fixture
def village(house):
    put(house, "Ada", needs=("logo",), offers=("law",))
    put(house, "Bob", needs=("law",), offers=("bread",))
    put(house, "Eve", needs=("bread",), offers=("plants",))
    put(house, "Kim", hosts=False, needs=("plants",), offers=("logo",))


def plan(house: House, *pairings: Pairing) -> None:
    day = house.clock.shown.date()
    house.database.write_now(lambda c: introductions.put_plan(c, DayPlan(day, pairings)))


def tables(house: House) -> tuple[Table, ...]:
    return house.database.read_now(introductions.tables)


def ask(browser: Browser, **fields: str):
    return browser.post(PAGE, {"form_token": browser.form_token(PAGE), **fields})


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303
    assert Browser(house).post(PAGE, {"open": "coffee"}).status in {303, 403}


def test_a_pair_is_told_with_its_reason(house, browser, village):
    plan(house, Pairing(ADA, BOB, Slot.PARTNER, BOB))
    text = browser.get(PAGE).text
    assert "Bob is looking for “law”; Ada offers “law”." in text
    assert "client or partner" in text
    browser.post("/language", {"form_token": browser.form_token(PAGE), "language": "fr", "back": PAGE})
    assert "Bob cherche" in browser.get(PAGE).text


def test_who_hides_from_hosts_is_counted_and_never_named_or_quoted(house, browser, village):
    plan(house, Pairing(ADA, BOB, Slot.PARTNER), Pairing(EVE, KIM, Slot.PARTNER, KIM))
    text = browser.get(PAGE).text
    assert "And one pair with somebody who prefers not to be named." in text
    assert "Kim" not in text
    assert "plants" not in text


def test_whom_somebody_avoids_or_refused_shows_nowhere(house, browser, village):
    plan(house, Pairing(ADA, BOB, Slot.PARTNER, BOB))
    before = browser.get(PAGE, hx_request="true").text
    ada = house.database.read_now(lambda c: directory.member_of(c, ADA))
    house.database.write_now(lambda c: directory.put_member(c, msgspec.structs.replace(ada, avoid=(BOB,))))
    house.happen(Answered(BOB, ADA, Answer.RATHER_NOT))
    house.happen(Answered(ADA, BOB, Answer.MET))
    assert browser.get(PAGE, hx_request="true").text == before


def test_a_meeting_by_badge_is_told(house, browser, village):
    plan(house, Pairing(ADA, BOB, Slot.PARTNER))
    house.happen(Met(ADA, BOB))
    assert "they met" in browser.get(PAGE).text


def test_a_table_is_opened_with_one_click(house, browser, village):
    answer = ask(browser, open="coffee", at="", place="")
    assert answer.headers["location"] == f"{PAGE}?notice=opened"
    (table,) = tables(house)
    assert table.occasion is Occasion.COFFEE
    assert table.at.astimezone(PARIS).strftime("%H:%M") == "10:05"  # at 9:42, in 20 minutes, rounded up
    text = browser.get(answer.headers["location"]).text
    assert "The table is open." in text
    assert "Kim" not in text
    assert "one person who is not named here" in text


def test_a_table_has_its_time_and_place(house, browser, village):
    ask(browser, open="lunch", at="12:30", place="  the <b>roof</b>  ")
    (table,) = tables(house)
    assert (table.occasion, table.place) == (Occasion.LUNCH, "the <b>roof</b>")
    text = browser.get(PAGE).text
    assert "the &lt;b&gt;roof&lt;/b&gt;" in text
    assert "12:30" in text


@pytest.mark.parametrize(("at", "notice"), [("09:00", "past"), ("25:99", "time"), ("x" * 5000, "time")])
def test_a_time_that_will_not_do_opens_nothing(house, browser, village, at, notice):
    assert ask(browser, open="coffee", at=at).headers["location"] == f"{PAGE}?notice={notice}"
    assert tables(house) == ()


def test_with_too_few_people_the_page_says_so(house, browser):
    put(house, "Ada")
    answer = ask(browser, open="coffee")
    assert answer.headers["location"] == f"{PAGE}?notice=nobody"
    assert "not yet three people" in browser.get(answer.headers["location"]).text


def test_who_said_yes_is_told_and_a_table_can_be_taken_away(house, browser, village):
    ask(browser, open="coffee")
    (table,) = tables(house)
    house.happen(TableAnswered(table.invited[0], table.id, coming=True))
    text = browser.get(PAGE, hx_request="true").text
    assert "Coming:" in text or "who is not named here is coming" in text
    assert ask(browser, close=table.id).headers["location"] == f"{PAGE}?notice=closed"
    assert tables(house) == ()
    assert ask(browser, close="t-none").headers["location"] == f"{PAGE}?notice=closed"


def test_a_form_of_somebody_else_opens_nothing(house, browser, village):
    assert browser.post(PAGE, {"form_token": "x", "open": "coffee"}).status == 403
    assert tables(house) == ()


def test_pairs_kiosks_decided_alone_are_told_once_joined(house, browser, village):
    house.happen(Paired(Pairing(ADA, BOB, Slot.PARTNER)))
    assert "No pair yet." in browser.get(PAGE).text


def test_before_the_first_night_nothing_is_learned(browser):
    text = browser.get(PAGE).text
    assert "Nothing yet: it waits for 200 answers; 0 so far." in text
    assert "people are matched by fixed weights" in text


def test_what_was_learned_is_said_in_words(house, browser):
    lessons = (
        LessonKept("common_ground", Direction.MORE, 0.99),
        LessonKept("overlap", Direction.LESS, 0.85),
        LessonKept("my_yes", Direction.AS_ASSUMED, 0.6),
    )
    house.database.write_now(
        lambda c: keep_learned(c, Learned(date(2026, 11, 23), 240, on=True, lessons=lessons))
    )
    text = browser.get(PAGE).text
    assert "People here say yes more often than was assumed when the two have an interest in common." in text
    assert "Probably it matters less here than was assumed when the two come on the same days." in text
    assert "From 240 answers." in text
    assert "said yes before" not in text


def test_the_page_is_small_and_says_nothing_to_a_cache(browser, village):
    answer = browser.get(PAGE)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.text) < 20_000


REASONS: list[Reason] = [
    TheyOffer("need", "offer"),
    TheyNeed("need", "offer"),
    TheyKnow("need", "knows"),
    TheyAsk("need", "knows"),
    BothLike("vélo", "Vélo"),
    BothLike("vélo", "cycling"),
    NewHere(date(2026, 11, 1)),
    KnowsThePlace(date(2024, 11, 1)),
    OpenToChat(),
    SharedLanguage("nl"),
    SharedLanguage("xx"),
    CatchUp(date(2026, 10, 1)),
    HostSays(),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_reason_is_a_sentence_in_both_languages(language, reason):
    said = why(Pages(PARIS).words[language], language, reason, "Ada", "Bob")
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("sure", [0.85, 0.99])
def test_every_lesson_is_a_sentence_or_silence(direction, sure):
    said = lesson(Pages(PARIS).words["fr"], LessonKept("answers_me", direction, sure))
    assert (said == "") is (direction is Direction.AS_ASSUMED)
