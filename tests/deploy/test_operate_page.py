"""docs/operate.md stays true: its table, its example and its commands."""

import re
from pathlib import Path

from hardware.uid import parse_typed
from sync import members_file

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operate.md").read_text()
SCRIPT = (ROOT / "deploy/raspberrypi/install.sh").read_text()


def uid(typed: str) -> bytes:
    return parse_typed(typed, for_enrolment=True)[0].value


def test_every_column_is_explained_with_an_example_that_is_taken():
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", PAGE, re.MULTILINE))
    assert tuple(rows) == members_file.COLUMNS
    file = members_file.read("\n".join((",".join(rows), ",".join(rows.values()))).encode(), uid)
    assert file.problems == ()
    assert file.people[0].member.name == "Léa"


def test_the_example_file_is_taken_as_it_stands():
    (example,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    file = members_file.read(example.encode(), uid)
    assert file.problems == ()
    assert len(file.people) == 2


def test_every_place_it_names_is_one_the_installer_makes():
    for place in re.findall(r"/(?:etc|opt|usr|var)/[a-z0-9./-]+[a-z]", PAGE):
        if "foyer" in place:
            assert place in SCRIPT, place
    assert set(re.findall(r"(?<=[ `])--(?:role|space|kiosk|from|dry-run)\b", PAGE)) == {
        *("--role", "--space", "--kiosk", "--from", "--dry-run")
    }
