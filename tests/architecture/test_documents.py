"""What documents name is there: a test that a promise rests on, a file they send the reader to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def of(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_every_test_a_document_names_is_there(document: Path):
    missing = [
        f"{file}::{name}"
        for file, name in TEST.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_every_link_leads_somewhere(document: Path):
    places = LINK.findall(document.read_text(encoding="utf-8"))
    assert [place for place in places if not (document.parent / place).exists()] == []


def test_each_of_the_fifteen_complaints_is_answered_by_tests():
    answers = (ROOT / "docs/complaints.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert len(answers) == 15
    assert [answer.splitlines()[0] for answer in answers if not TEST.search(answer)] == []
