"""Workbooks as Excel saves them become the same table as the CSV file; bombs and damage a sentence."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sync.errors import MembersFileError
from sync.members_file import read
from sync.tables import MOST_COLUMNS, MOST_ROWS, Letters, Row, read_table
from sync.workbooks import MAIN


def saved(*rows, hidden_first=False) -> bytes:
    book = Workbook()
    sheet = book.active
    if hidden_first:
        sheet.append(["notes of the accountant"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Members")
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def test_a_sheet_becomes_the_table_that_its_csv_file_is():
    table = read_table(
        saved(
            ["id", " full  name ", "joined", "host", "needs"],
            ["a1", "Zoé Œuvre", date(2026, 11, 1), True, None],
            [],
            [
                12.0,
                "Bob",
                datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001 - as Excel has it
                False,
                "tea; 2.5 l",
            ],
        )
    )
    assert table.letters is Letters.WORKBOOK
    assert (table.line, table.header) == (1, ("id", "full name", "joined", "host", "needs"))
    assert table.rows == (
        Row(2, ("a1", "Zoé Œuvre", "2026-11-01", "true")),
        Row(4, ("12", "Bob", "2026-01-02T03:04:00", "false", "tea; 2.5 l")),
    )


def test_a_members_file_may_be_a_workbook():
    found = read(saved(["id", "name"], ["a", "Ada"]), bytes.fromhex)
    assert [(person.line, person.member.name) for person in found.people] == [(2, "Ada")]
    assert found.problems == ()


def test_a_hidden_sheet_is_not_the_one_that_is_meant():
    assert read_table(saved(["id", "name"], ["a", "Ada"], hidden_first=True)).header == ("id", "name")


def test_cells_beyond_the_first_line_are_told_of():
    table = read_table(saved(["id", "name"], ["a", "Ada", "x"], ["b", "Bob"]))
    assert [fault.line for fault in table.faults] == [2]
    assert table.rows == (Row(3, ("b", "Bob")),)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (saved(), "empty"),
        (saved(["a"] * (MOST_COLUMNS + 1)), "too many columns"),
        (saved(["id"], *([["x"]] * (MOST_ROWS + 1))), "larger than any list"),
        (packed(**{"content.xml": b"<office/>"}), "no workbook"),
        (packed(**{MAIN: b"<broken"}), "damaged"),
        (packed(**{MAIN: b"0" * 51_000_000}), "larger than any list"),
        (packed(**{f"{n}": b"" for n in range(2_000)}, **{MAIN: b""}), "larger than any list"),
    ],
)
def test_what_is_no_list_of_members_is_refused_in_a_sentence(content, why):
    with pytest.raises(MembersFileError, match=why):
        read_table(content)


def test_a_cell_at_the_end_of_the_world_costs_no_more_than_a_list():
    book = Workbook()
    book.active["A1"] = "id"
    book.active["XFD1048576"] = "far"
    stream = io.BytesIO()
    book.save(stream)
    assert read_table(stream.getvalue()).rows == ()


def test_entities_that_grow_are_not_followed():
    """A workbook whose text is ten million letters long once every entity stands for ten others."""
    with zipfile.ZipFile(io.BytesIO(saved(["id"], ["a"]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    grows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    begins = sheet.index("<worksheet")
    bomb = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "ten letters">{grows}]>{sheet[begins:]}'
    parts["xl/worksheets/sheet1.xml"] = bomb.replace("<t>id</t>", "<t>&e8;</t>").encode()
    assert b"&e8;</t>" in parts["xl/worksheets/sheet1.xml"]
    with pytest.raises(MembersFileError, match="damaged"):
        read_table(packed(**parts))


WHOLE = saved(["id", "name"], ["a", "Ada"])
"""Made once: a workbook holds the time at which it was made."""


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_sentence(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        table = read_table(bytes(content))
    except MembersFileError:
        return
    assert all(len(row.cells) <= len(table.header) for row in table.rows)
