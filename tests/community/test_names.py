"""Whom a typed name means."""

import pytest

from community.ids import MemberId
from community.members import Member
from community.names import folded, meant_by, names_of, names_somebody

PEOPLE = (
    Member(MemberId("m-001"), "Zoé Lefèvre"),
    Member(MemberId("m-002"), "Jean-Luc"),
    Member(MemberId("m-003"), "Léa"),
    Member(MemberId("m-004"), "Lea"),
    Member(MemberId("m-005"), "Björn Œrsted"),
)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("zoe lefevre", "m-001"),
        ("ZOÉ LEFÈVRE ", "m-001"),
        ("jeanluc", "m-002"),
        ("Jean Luc", "m-002"),
        ("bjorn oersted", "m-005"),
        ("M001", "m-001"),
        ("m-004", "m-004"),
        ("lea", None),
        ("zoe", None),
        ("", None),
        ("--", None),
        ("nobody", None),
    ],
)
def test_the_whole_name_or_the_number_is_asked_for(typed: str, who: str | None):
    assert meant_by(typed, PEOPLE) == who


def test_names_of_other_scripts_compare_too():
    assert folded("Μαρία") == folded("μαρια")
    assert folded("王 芳") == "王芳"


@pytest.mark.parametrize(
    ("said", "somebody"),
    [
        ("a logo for ZOE", True),
        ("coffee with zoé lefèvre", True),
        ("Lefèvre's old desk", False),
        ("jean luc knows", True),
        ("Jean has it", True),
        ("Al has it", False),
        ("Al Li has it", True),
        ("zoetrope", False),
        ("ask Ana María del Mar about it", True),
        ("", False),
    ],
)
def test_a_whole_name_or_a_first_one_of_three_letters_names_somebody(
    said: str,
    somebody: bool,  # noqa: FBT001 - a column of the table above
):
    names = names_of(["Zoé Lefèvre", "Jean-Luc", "Al Li", "Ana María del Mar", "--"])
    assert names_somebody(said, names) == somebody
