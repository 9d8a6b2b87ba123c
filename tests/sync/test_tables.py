"""Bytes that some office program saved become a table, or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MembersFileError
from sync.tables import MOST_COLUMNS, MOST_LINES, MOST_ROWS, Letters, Row, read_table


def cells(content: bytes | str) -> list[tuple[str, ...]]:
    table = read_table(content.encode() if isinstance(content, str) else content)
    return [table.header, *(row.cells for row in table.rows)]


@pytest.mark.parametrize(
    ("codec", "letters"),
    [
        ("utf-8", Letters.UTF_8),
        ("utf-8-sig", Letters.UTF_8),
        ("utf-16", Letters.UTF_16),
        ("cp1252", Letters.WINDOWS),
    ],
)
def test_letters_are_told_apart(codec, letters):
    table = read_table("id;nom\n1;Zoé – œuvre\n".encode(codec))
    assert table.letters is letters
    assert table.rows == (Row(2, ("1", "Zoé – œuvre")),)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_told_apart(separator):
    text = separator.join(("id", '"name, first; last"', "x")) + "\n" + separator.join("abc") + "\n"
    assert cells(text) == [("id", "name, first; last", "x"), ("a", "b", "c")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_machine(end):
    assert cells(end.join(("id,name", "a,Ada", "", "b,Bob"))) == [("id", "name"), ("a", "Ada"), ("b", "Bob")]


def test_excel_s_own_first_line_and_empty_ones_are_passed_over():
    table = read_table(b"sep=;\r\n\r\nid;name\r\na;Ada\r\n")
    assert (table.line, table.header, table.rows) == (3, ("id", "name"), (Row(4, ("a", "Ada")),))


def test_a_cell_may_hold_line_breaks():
    table = read_table(b'id,name,address\na,Ada,"12, rue du Four\n\n75006 Paris"\nb,Bob,x\n')
    assert [(row.line, row.cells[1]) for row in table.rows] == [(2, "Ada"), (5, "Bob")]
    assert table.faults == ()


@pytest.mark.parametrize(
    "broken",
    ['a,"Ada', 'a,"Ada" x', 'a,"Ada,\nx,y', 'a,"Ada\nb,"x', "a,b,c", 'a,"Ada' + "\nx," * MOST_LINES + '"'],
)
def test_a_broken_line_swallows_no_other(broken):
    table = read_table(f"id,name\n{broken}\nlast,Zoe\n".encode())
    assert table.faults[0].line == 2
    assert table.rows[-1].cells == ("last", "Zoe")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n  \n", "empty"),
        (b"sep=;\n", "empty"),
        (b"\x00\x01", "not a CSV file"),
        (b"\xff\xfe\x00", "not a CSV file"),
        (b"caf\x81", "not a CSV file"),
        (b"PK\x03\x04", "no workbook"),
        (b"x" * 5_000_001, "larger than any list"),
        (b"a" + b",a" * MOST_COLUMNS, "too many columns"),
        (b"a\n" + b"b\n" * (MOST_ROWS + 1), "larger than any list"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, why):
    with pytest.raises(MembersFileError, match=why):
        read_table(content)


def test_a_first_line_that_cannot_be_read_names_no_column():
    assert read_table(b'"id\n').header == ()


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_sentence(content):
    try:
        table = read_table(content)
    except MembersFileError:
        return
    lines = [row.line for row in table.rows] + [fault.line for fault in table.faults]
    assert len(set(lines)) == len(lines)
    assert all(len(row.cells) <= len(table.header) for row in table.rows)
