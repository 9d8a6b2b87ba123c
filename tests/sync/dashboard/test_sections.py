"""The parts of the page: drawn anew when what they show changed, and only then."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from community.clock import Hours
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from sync.dashboard.rendering import Pages
from sync.dashboard.sections import NAMES, SHOWS, Sections
from sync.dashboard.sessions import Visitor
from sync.live import Live
from sync.presence import Presence
from sync.views.badges import UnknownBadge
from sync.views.now import KioskHealth, Now
from sync.views.people import Choice, Roster
from tests.sync.dashboard.house import MORNING, PARIS

TEMPLATES = Path(__file__).parents[3] / "sync/dashboard/templates"

NOW = Now(
    at=MORNING,
    roster=Roster(0, ()),
    moments=(),
    unknown=(),
    refused=(),
    kiosks=(KioskHealth("door", online=True, reader="ready", waiting=0, heard=MORNING),),
    quarantined=0,
    put_away=0,
    disk_percent=10,
    choices=(Choice("m1", "Ada"),),
)


@pytest.fixture
def sections(tmp_path: Path):
    database = Database(open_engine(f"sqlite:///{tmp_path}/hub.db"))
    yield Sections(
        database=database,
        presence=Presence(Hours(PARIS)),
        live=Live(),
        clock=Clock(),
        pages=Pages(PARIS),
    )
    database.close()


def visitor(language: str = "en", token: str = "one") -> Visitor:
    return Visitor(language, token)


def changed(sections: Sections, now: Now, after: Now) -> set[str]:
    before = sections.show(now, visitor())
    return set(sections.show(after, visitor()).changed_since(before.id))


@pytest.mark.parametrize("name", NAMES)
def test_a_part_shows_nothing_that_does_not_have_it_drawn_anew(name: str):
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(
        (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    )
    read = {
        found.attr
        for found in tree.find_all(nodes.Getattr)
        if isinstance(found.node, nodes.Name) and found.node.name == "now"
    }
    assert read - {"at"} <= set(SHOWS[name])
    assert {field.name for field in fields(Now)} >= set(SHOWS[name])


def test_what_did_not_change_is_not_drawn_again(sections: Sections):
    first = sections.show(NOW, visitor())
    second = sections.show(replace(NOW, at=MORNING + timedelta(minutes=1)), visitor())
    assert second.id == first.id
    assert all(second.html[name] is first.html[name] for name in NAMES)


def test_each_change_reaches_its_parts(sections: Sections):
    assert changed(sections, NOW, replace(NOW, roster=Roster(2, ()))) == {"presence"}
    assert changed(sections, NOW, replace(NOW, disk_percent=99)) == {"kiosks"}
    assert changed(sections, NOW, replace(NOW, choices=())) == {"people"}
    other = KioskHealth("door", online=False, reader="ready", waiting=0, heard=MORNING)
    assert changed(sections, NOW, replace(NOW, kiosks=(other,))) == {"kiosks"}


def test_a_new_day_is_drawn_although_nothing_else_changed(sections: Sections):
    assert "presence" in changed(sections, NOW, replace(NOW, at=MORNING + timedelta(days=1)))


def test_languages_and_forms_are_each_visitors_own(sections: Sections):
    waiting = replace(NOW, unknown=(UnknownBadge("v1:aa", "K7Q2", MORNING, "door", uncertain=False),))
    shown = {
        (language, token): sections.show(waiting, visitor(language, token)).html["badges"]
        for language in ("en", "fr")
        for token in ("one", "two")
    }
    assert len(set(shown.values())) == 4
    nobody_waits = [sections.show(NOW, visitor("en", token)).html["badges"] for token in ("one", "two")]
    assert nobody_waits[0] == nobody_waits[1]
