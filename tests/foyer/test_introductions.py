"""`foyer introductions`: what it says is what hub and doors decide from."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from community.events import CheckedIn, Introduced, MoodChosen, Paired, Shown
from community.ids import MemberId
from community.introductions.pairing import Pairing
from community.introductions.slots import Slot
from community.members import Mood, Visibility
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from tests.sync.introductions.house import MORNING, House, person

ADA, BOB = MemberId("ada"), MemberId("bob")
AT = ("--at", "2026-03-02T10:00")
LATER = ("--at", "2026-03-02T11:45")


class Hub:
    """A hub that has written its database and is gone."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "hub.toml"
        self.database = folder / "hub.db"
        self.settings.write_text(f'database = "sqlite:///{self.database}"\n[space]\nid = "loft"\n')

    def write(self, *people, events=(), at: datetime = MORNING) -> None:
        database = Database(open_engine(f"sqlite:///{self.database}"))
        upgrade(database, MIGRATIONS)
        house = House(database, *people, at=at)
        house.tell(*(CheckedIn(one.id) for one in people), *events)
        database.close()

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return list(database.iterdump())


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def village() -> tuple:
    return (
        person("Ada", needs="logo", offers="law"),
        person("Bob", needs="law", offers="logo"),
        person("Eve", needs="bread", offers="plants"),
    )


def test_every_filter_term_and_rank_is_said(foyer, hub: Hub):
    hub.write(*village())
    ran = foyer("introductions", "explain", "ada", "Bob", "--settings", hub.settings, *LATER)
    assert ran.code == 0, ran
    for said in (
        "Ada and Bob, 2026-03-02 11:45",
        "  Ada is here since 09:00",
        "  Bob has 0 of at most 3 introductions today",
        "They are not in today's plan",
        "Nothing bars them",
        "How likely Ada says yes to Bob: 0.",
        "    the other has what they need: 1.00 × 2.00 = 2.00".removeprefix("  "),
        "client or partner: 0.",
        "  Bob offers what Ada needs: 1.00",
        "  × both would say yes: 0.",
        "  for Ada: number 1 of 1",
        "  why, for Ada: Ada is looking for “logo”; Bob offers “logo”.",
    ):
        assert said in ran.out, (said, ran.out)


def test_both_orders_tell_the_same_scores(foyer, hub: Hub):
    hub.write(*village())
    one = foyer("introductions", "explain", "ada", "bob", "--settings", hub.settings, *AT).out
    other = foyer("introductions", "explain", "bob", "ada", "--settings", hub.settings, *AT).out
    scores = [[line for line in out.splitlines() if line.startswith("client")] for out in (one, other)]
    assert scores[0] == scores[1]


@pytest.mark.parametrize(
    ("ada", "events", "said"),
    [
        ({"avoid": (BOB,)}, (), "one of them would rather not meet the other"),
        ({"languages": ("nl",)}, (), "no language in common"),
        ({"visibility": Visibility()}, (), "not named to other members"),
        ({}, (MoodChosen(BOB, Mood.HEADS_DOWN),), "heads-down today"),
    ],
)
def test_what_bars_two_people_is_said_in_words(foyer, hub: Hub, ada, events, said):
    from msgspec.structs import replace

    first, second, _ = village()
    hub.write(replace(first, **ada), second, events=events)
    ran = foyer("introductions", "explain", "Ada", "bob", "--settings", hub.settings, *AT)
    assert "What bars them:" in ran.out
    assert said in ran.out


def test_the_preview_is_what_the_hub_will_plan(foyer, hub: Hub):
    hub.write(
        *village(),
        events=(Paired(Pairing(ADA, BOB, Slot.PARTNER)), Introduced(ADA, (Shown(BOB, Slot.PARTNER),))),
    )
    ran = foyer("introductions", "preview", "--settings", hub.settings, *LATER)
    assert ran.code == 0, ran
    assert "Members here: 3" in ran.out
    assert "Decided so far, pairs: 1" in ran.out
    assert (
        "Ada and Bob: client or partner, 0.00, shown. Ada is looking for “logo”; Bob offers “logo”."
        in ran.out
    )
    assert "Completing the plan now would add pairs: " in ran.out


def test_before_anybody_came_the_preview_is_empty(foyer, hub: Hub):
    hub.write(*village())
    ran = foyer("introductions", "preview", "--settings", hub.settings, "--at", "2026-03-02T08:00")
    assert "Members here: 0" in ran.out
    assert "not at 11:30, it would add pairs: 0" in ran.out


def test_who_hides_from_hosts_is_counted_in_the_preview(foyer, hub: Hub):
    from msgspec.structs import replace

    ada, bob, _ = village()
    hub.write(replace(ada, visibility=Visibility(members=True, hosts=False)), bob)
    ran = foyer("introductions", "preview", "--settings", hub.settings, *LATER)
    assert "Ada" not in ran.out
    assert "prefers not to be named: 1" in ran.out


def test_nothing_is_changed(foyer, hub: Hub):
    hub.write(*village())
    before = hub.dump()
    foyer("introductions", "preview", "--settings", hub.settings, *LATER)
    foyer("introductions", "explain", "ada", "bob", "--settings", hub.settings)
    assert hub.dump() == before


def test_it_speaks_french(foyer, hub: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    hub.write(*village())
    ran = foyer("introductions", "explain", "ada", "bob", "--settings", hub.settings, *AT)
    assert "Rien n’empêche cette rencontre" in ran.out
    assert "Ada cherche « logo »" in ran.out.replace("\N{NO-BREAK SPACE}", " ")


def test_whom_nobody_knows_and_whom_several_are_called(foyer, hub: Hub):
    hub.write(*village(), person("Ann"), at=MORNING + timedelta(minutes=1))
    ran = foyer("introductions", "explain", "ada", "Mallory", "--settings", hub.settings)
    assert "no member has the id or the whole name 'Mallory'" in ran.sentence


def test_several_of_one_name_are_told_apart_by_id(foyer, hub: Hub):
    from msgspec.structs import replace

    ada, bob, _ = village()
    hub.write(ada, *(replace(bob, id=MemberId(number)) for number in ("b1", "b2")))
    ran = foyer("introductions", "explain", "ada", "BOB", "--settings", hub.settings)
    assert "name one by id, of b1, b2" in ran.sentence
    assert foyer("introductions", "explain", "ada", "b2", "--settings", hub.settings).code == 0


def test_a_hub_that_never_ran_is_named(foyer, hub: Hub):
    ran = foyer("introductions", "preview", "--settings", hub.settings)
    assert "start the hub first" in ran.sentence
    assert not hub.database.exists()
