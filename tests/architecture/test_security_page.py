"""docs/security.md names only tests that exist, and says `not yet` where there is none."""

import re

import pytest

from tests.architecture.project import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## OWASP")[2].splitlines()
    if re.match(r"\| [0-9]", line)
]


@pytest.mark.parametrize("shown_by", sorted({row[-1] for row in ROWS}))
def test_each_line_names_a_test_that_is_there_or_says_not_yet(shown_by: str):
    if shown_by.startswith("not yet"):
        return
    named = re.findall(r"`([^`]+)`", shown_by)
    assert named
    for test in named:
        file, _, name = test.partition("::")
        assert not name or f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), test
        assert (ROOT / file).is_file(), test


def test_the_table_has_the_chapters_that_apply():
    assert re.findall(r"^### (V[0-9]+)", PAGE, re.MULTILINE) == [
        *("V3", "V6", "V7", "V8", "V11", "V12", "V14", "V16")
    ]
    assert len(ROWS) >= 40
