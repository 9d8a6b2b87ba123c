"""`foyer members import`: all of a file, or nothing and every reason at once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from community.ids import MemberId
from foyer.visiting import hub_database, hub_settings
from sync.store import directory

HEADER = "id,name,needs,visibility,introductions,badge\n"
GOOD = HEADER + "lea,Léa,une traduction,named,yes,04:A1:A1:A1:A1:A1:A1\npaul,Paul,,hidden,no,\n"


class Hub:
    """A hub's settings, and its database as it stands on the disk."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "hub.toml"
        self.database = folder / "hub.db"
        self.settings.write_text(
            f'database = "sqlite:///{self.database}"\nbadge_key_file = "{folder}/badge.key"\n'
            '[space]\nid = "nook"\n'
        )
        self.file = folder / "members.csv"

    def dump(self) -> list[str]:
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return list(database.iterdump())

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


@pytest.fixture
def take(foyer, hub: Hub):
    def run(text: str, *options: str):
        hub.file.write_text(text, encoding="utf-8")
        return foyer("members", "import", hub.file, "--settings", hub.settings, *options)

    return run


def test_a_good_file_is_in(take, hub: Hub):
    ran = take(GOOD)
    assert (ran.code, ran.out.strip()) == (0, f"{hub.file}: it is in. Members: 2, badges: 1.")
    assert (hub.count("members"), hub.count("badges")) == (2, 1)


def test_a_badge_s_number_is_stored_nowhere(take, hub: Hub):
    take(GOOD)
    assert b"A1A1A1A1A1A1" not in hub.database.read_bytes().upper()
    assert "04a1a1a1a1a1a1" not in "\n".join(hub.dump()).lower()


def test_importing_again_changes_nothing_but_the_time_of_the_link(take, hub: Hub):
    def dump() -> list[str]:
        return [line for line in hub.dump() if not line.startswith('INSERT INTO "badges"')]

    take(GOOD)
    before = dump()
    assert take(GOOD).code == 0
    assert dump() == before
    assert hub.count("badges") == 1


def test_a_dry_run_only_looks(take, hub: Hub):
    ran = take(GOOD, "--dry-run")
    assert "every line is right; nothing was changed" in ran.out
    assert hub.dump() == []


def test_a_dry_run_says_line_by_line_what_would_change(take, hub: Hub):
    first = take(GOOD, "--dry-run")
    assert "line 2: new\nline 3: new\n" in first.out
    assert f"{hub.file}: new: 2, changed: 0, unchanged: 0" in first.out
    take(GOOD)
    before = hub.dump()
    ran = take(GOOD.replace("Léa", "Léa Roy").replace("une traduction", "un logo"), "--dry-run")
    assert "line 2: changed: name, needs\n" in ran.out
    assert f"{hub.file}: new: 0, changed: 1, unchanged: 1" in ran.out
    assert "Léa Roy" not in ran.out
    assert hub.dump() == before


def test_a_dry_run_says_who_would_come_back(take, hub: Hub):
    take(GOOD)
    with hub_database(hub_settings(hub.settings)) as database:
        database.write_now(lambda c: directory.remove_member(c, MemberId("paul")))
    ran = take(GOOD, "--dry-run")
    assert "line 3: was erased here, and would come back" in ran.out


def test_a_dry_run_finds_a_badge_that_is_another_s_too(take, hub: Hub):
    take(GOOD)
    ran = take(HEADER + "amina,Amina,,,,04A1A1A1A1A1A1\n", "--dry-run")
    assert ran.code == 2
    assert "line 2, column badge" in ran.out
    assert "nothing was changed. Problems: 1, on lines: 1." in ran.sentence


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("amina,,,,,", "name"),
        ("a b,Amina,,,,", "id"),
        ("lea,Amina,,,,", "id"),
        ("amina,Amina,,,perhaps,", "introductions"),
        ("amina,Amina,,loud,,", "visibility"),
        ("amina,Amina,,,,12", "badge"),
        ("amina,Amina,,,,08010203", "badge"),
        (f"amina,{'A' * 61},,,,", "name"),
    ],
)
def test_a_broken_line_is_named_with_its_column_and_nothing_is_written(
    take, hub: Hub, line: str, column: str
):
    take(GOOD)
    before = hub.dump()
    ran = take(GOOD + line + "\n")
    assert f"line 4, column {column}: " in ran.out
    assert "nothing was changed. Problems: 1, on lines: 1." in ran.sentence
    assert hub.dump() == before


def test_a_problem_never_quotes_the_cell(take):
    ran = take(GOOD + "amina,Amina,,secret-word,secret-word,secret-word\n")
    assert "secret-word" not in ran.out + ran.err


def test_every_problem_is_told_at_once(take):
    ran = take(HEADER + "a,,,,,\nb,B,,loud,,\n")
    assert "line 2, column name" in ran.out
    assert "line 3, column visibility" in ran.out
    assert "Problems: 2, on lines: 2." in ran.sentence


def test_two_problems_of_one_line_are_two_problems_on_one_line(take):
    ran = take(HEADER + "lea,,,loud,,\n")
    assert len(ran.out.splitlines()) == 2
    assert "Problems: 2, on lines: 1." in ran.sentence


def test_a_column_nobody_knows_refuses_the_file_and_says_so(take, hub: Hub):
    ran = take("id,name,neds\nlea,Léa,une traduction\n")
    assert "line 1, column neds: there is no such column: correct its name or remove it" in ran.out
    assert "nothing was changed" in ran.sentence
    assert hub.dump() == []


def test_a_host_who_reads_french_is_told_in_french(take, hub: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    ran = take(GOOD + "amina,,,,,12\n")
    assert "ligne 4, colonne name\u00a0: chaque membre a besoin d’un nom" in ran.out
    assert "ligne 4, colonne badge\u00a0: ce n’est pas le numéro d’un badge\u00a0: il a 8, 14" in ran.out
    assert "rien n’a été changé. Problèmes\u00a0: 2, lignes concernées\u00a0: 1." in ran.sentence
    assert "c’est fait. Membres\u00a0: 2, badges\u00a0: 1." in take(GOOD).out
    taken = take(HEADER + "amina,Amina,,,,04A1A1A1A1A1A1\n")
    assert "est déjà lié à quelqu’un d’autre" in taken.out


def test_a_badge_that_is_another_s_already_changes_nothing_and_is_named_by_its_code(take, hub: Hub):
    take(GOOD)
    before = hub.dump()
    ran = take(HEADER + "amina,Amina,,,,04A1A1A1A1A1A1\n")
    said = ran.out + ran.err
    assert ran.code == 2
    assert "line 2, column badge" in said
    assert "A1:A1" not in said.upper()
    assert "A1A1" not in said.upper()
    assert "Léa" not in said
    assert hub.dump() == before


def test_a_file_that_is_no_csv_is_said_with_the_cure(take, hub: Hub):
    hub.file.write_bytes("id,name\nlea,Léa\n".encode("latin-1"))
    ran = take("no header here\n")
    assert "the first line must name the columns" in ran.sentence


def test_a_file_that_is_not_there_is_said(foyer, hub: Hub):
    sentence = foyer("members", "import", hub.file, "--settings", hub.settings).sentence
    assert "the members file cannot be read" in sentence


def test_the_demo_s_village_is_a_good_file(foyer, hub: Hub):
    from foyer.village.people import FILE, villagers

    ran = foyer("members", "import", FILE, "--settings", hub.settings)
    assert ran.code == 0
    assert hub.count("members") == len(villagers())
