"""Labels: where they lie, what stands on them, and that their codes can be read."""

import io
from itertools import combinations

import pytest
import segno
from PIL import Image

from community.badges import BadgeHash, BadgeStatus, label_number
from community.members import Member
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from sync.labels import A4_21, Label, sheets
from sync.labels_sheet import DPI, QUIET_MODULES, _has, _name, _qr, as_pdf, as_pngs, drawn
from sync.store import directory
from sync.views.labels import read_labels

LABELS = tuple(Label(f"{n:012}", "K7RT", f"Name {n}") for n in range(25))
A, B, C = (BadgeHash(f"k1:{n:032x}") for n in (1, 2, 3))


def test_labels_fill_sheet_after_sheet():
    assert [len(page) for page in sheets(LABELS)] == [21, 4]
    assert sheets(()) == ()


def test_no_label_lies_on_another_or_over_the_edge():
    corners = [A4_21.at(place) for place in range(A4_21.places)]
    for x, y in corners:
        assert x >= 0 <= y
        assert x + A4_21.label_width <= A4_21.width
        assert y + A4_21.label_height <= A4_21.height
    for (x, y), (other_x, other_y) in combinations(corners, 2):
        assert abs(x - other_x) >= A4_21.label_width - 0.01 or abs(y - other_y) >= A4_21.label_height - 0.01


def test_cut_marks_touch_no_label():
    for x1, y1, x2, y2 in A4_21.cuts():
        assert 0 <= x1 <= x2 <= A4_21.width
        assert 0 <= y1 <= y2 <= A4_21.height
        for left, top in map(A4_21.at, range(A4_21.places)):
            inside_x = left < x2 and x1 < left + A4_21.label_width
            inside_y = top < y2 and y1 < top + A4_21.label_height
            assert not (inside_x and inside_y)


def test_the_number_is_always_the_same_and_says_nothing():
    assert label_number(A) == label_number(A)
    assert len({label_number(each) for each in (A, B, C)}) == 3
    assert len(label_number(A)) == 12
    assert label_number(A).isdigit()


def test_the_code_on_a_sheet_is_the_number_s_and_nothing_else():
    page = drawn(LABELS[:1])[0]
    matrix = segno.make(LABELS[0].number, error="m", micro=False).matrix
    modules = len(matrix) + 2 * QUIET_MODULES
    size = _qr(LABELS[0].number).height
    module = size // modules
    assert module * 25.4 / DPI > 0.8, "a module is too small for an old camera"
    x, y = (round(each * DPI / 25.4) for each in A4_21.at(0))
    left = x + round(3.0 * DPI / 25.4)
    top = y + (round(A4_21.label_height * DPI / 25.4) - size) // 2
    read = [
        [
            page.getpixel(
                (
                    left + (column + QUIET_MODULES) * module + module // 2,
                    top + (row + QUIET_MODULES) * module + module // 2,
                )
            )
            == 0
            for column in range(len(matrix))
        ]
        for row in range(len(matrix))
    ]
    assert read == [[bool(dark) for dark in row] for row in matrix]


def test_a_pdf_has_a_page_for_each_sheet_at_its_true_size():
    written = as_pdf(LABELS)
    assert written.startswith(b"%PDF")
    assert written.count(b"/Type /Page\n") + written.count(b"/Type /Page ") == 2
    assert len(written) < 200_000
    assert as_pdf(()).startswith(b"%PDF")


def test_pngs_are_a4_at_300_dots_an_inch():
    files = as_pngs(LABELS)
    assert len(files) == 2
    image = Image.open(io.BytesIO(files[0]))
    assert image.size == (2480, 3508)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize(
    "name",
    [
        "Léa",
        "Marie-Françoise de la Fontaine",
        "Bartholomäus-Maximilian Hohenzollern von und zu Sigmaringen",
        "X" * 60,
    ],
)
def test_a_name_keeps_to_its_room(name):
    lines, font = _name(name, 330)
    assert 1 <= len(lines) <= 2
    assert all(font.getlength(line) <= 330 for line in lines)
    assert lines[0][:3] == name[:3]


def test_a_word_is_not_broken_where_it_fits_in_smaller_letters():
    lines, _font = _name("Marie-Françoise", 330)
    assert lines in {("Marie-Françoise",), ("Marie-", "Françoise")}


def test_a_name_no_face_can_write_is_left_out():
    assert not _has("no such face.ttf", "Léa")
    lines, _font = _name("\u1781\u17d2\u1789\u17bb\u17c6", 330)
    assert lines == () or _has("NotoSansCJK-Bold.ttc", "\u1781")


def test_every_badge_that_works_has_a_label_in_the_order_of_names(tmp_path):
    database = Database(open_engine(f"sqlite:///{tmp_path}/hub.db"))
    upgrade(database, MIGRATIONS)

    def work(connection):
        directory.put_member(connection, Member("m1", "Zoé"))
        directory.put_member(connection, Member("m2", "élise"))
        for badge, member in ((A, "m1"), (B, "m2"), (C, "m2")):
            directory.link(connection, badge, member, 1)
        directory.set_status(connection, C, BadgeStatus.LOST)
        return read_labels(connection), read_labels(connection, "m1")

    everybody, one = database.write_now(work)
    database.close()
    assert [label.name for label in everybody] == ["élise", "Zoé"]
    assert [label.number for label in one] == [label_number(A)]
