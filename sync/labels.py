"""Labels for badges: what stands on each, and where it lies on a sheet.

Pure.  Millimetres from the sheet's top left corner.  The QR code says nothing but an opaque number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label."""

    number: str
    """What the QR code says: `community.badges.label_number`."""
    code: str
    """The four characters by which hosts speak of the badge."""
    name: str
    """Whose it is."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of labels as it can be bought."""

    width: float
    height: float
    across: int
    down: int
    left: float
    """Of the first label."""
    top: float
    step_x: float
    """From one label's left edge to the next one's."""
    step_y: float
    label_width: float
    label_height: float

    @property
    def places(self) -> int:
        """Labels on one sheet."""
        return self.across * self.down

    def at(self, place: int) -> tuple[float, float]:
        """Return the left top corner of a label, `place` counted from 0 by rows."""
        row, column = divmod(place, self.across)
        return self.left + column * self.step_x, self.top + row * self.step_y

    def cuts(self) -> Iterator[tuple[float, float, float, float]]:
        """Yield the cut marks: short lines in the margins, from (x, y) to (x, y), that no label touches."""
        for column in range(self.across):
            for x in (self.left + column * self.step_x, self.left + column * self.step_x + self.label_width):
                yield x, self.top - CUT_GAP - CUT, x, self.top - CUT_GAP
                foot = self.top + (self.down - 1) * self.step_y + self.label_height
                yield x, foot + CUT_GAP, x, foot + CUT_GAP + CUT
        for row in range(self.down + 1):
            y = self.top + row * self.step_y
            yield self.left - CUT_GAP - CUT, y, self.left - CUT_GAP, y
            right = self.left + (self.across - 1) * self.step_x + self.label_width
            yield right + CUT_GAP, y, right + CUT_GAP + CUT, y


CUT = 3.0
"""Millimetres of a cut mark."""

CUT_GAP = 1.0
"""Millimetres between a cut mark and the nearest label."""

A4_21 = Sheet(
    width=210.0,
    height=297.0,
    across=3,
    down=7,
    left=7.25,
    top=15.15,
    step_x=66.0,
    step_y=38.1,
    label_width=63.5,
    label_height=38.1,
)
"""The commonest sheet of adhesive labels in Europe: A4, 21 labels of 63.5 x 38.1 mm (sold as L7160 among
others); on plain paper the cut marks do."""


def sheets(labels: Sequence[Label], sheet: Sheet = A4_21) -> tuple[tuple[Label, ...], ...]:
    """Return the labels of each sheet, in order; none for no labels."""
    return tuple(tuple(labels[i : i + sheet.places]) for i in range(0, len(labels), sheet.places))
