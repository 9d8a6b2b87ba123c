"""Find the reports of an LD2410 radar in its bytes.

On the wire, 256000 baud, about every 100 ms:
`F4 F3 F2 F1 | length LE | 02 (01 with gates) AA | state | moving cm LE | energy | still cm LE | energy |
detection cm LE | … | 55 00 | F8 F7 F6 F5`.

Source: Hi-Link, LD2410 serial protocol V1.02 (2022).
"""

_HEAD = b"\xf4\xf3\xf2\xf1"
_TAIL = b"\xf8\xf7\xf6\xf5"
_SHORTEST = 13
_LONGEST = 64
"""Bytes between the length and the tail; reports with the energy of each gate have 35."""


class Radar:
    """Finds reports in whatever comes; never raises, never holds more than one report."""

    def __init__(self):
        self._held = b""

    def receive_data(self, data):
        """Take any piece of the stream; return the distance, in cm, of each report it completes; 0: nobody."""
        self._held += data
        found = []
        while True:
            start = self._held.find(_HEAD)
            if start < 0:
                self._held = self._held[-3:]  # a head may have begun
                return found
            self._held = self._held[start:]
            if len(self._held) < 6:
                return found
            length = self._held[4] | self._held[5] << 8
            if not _SHORTEST <= length <= _LONGEST:
                self._held = self._held[1:]
                continue
            if len(self._held) < length + 10:
                return found
            report = self._held[6 : 6 + length]
            if self._held[6 + length : 10 + length] != _TAIL or not _is_report(report):
                self._held = self._held[1:]
                continue
            self._held = self._held[10 + length :]
            found.append(_distance_cm(report))


def _is_report(report):
    return report[0] in (1, 2) and report[1] == 0xAA and report[-2:] == b"\x55\x00" and report[2] <= 3


def _distance_cm(report):
    """The nearest of what moves and what stands still; 0 where the radar feels nobody."""
    state = report[2]
    if not state:
        return 0
    moving = report[3] | report[4] << 8
    still = report[6] | report[7] << 8
    if state == 1:
        distance = moving
    elif state == 2:
        # What stands still may have left its distance in the other field, as in the maker's own example.
        distance = still or moving
    else:
        distance = min(moving, still) or moving or still
    # Somebody at no distance is somebody very near, never nobody.
    return distance or 1
