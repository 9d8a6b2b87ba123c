"""What the firmware makes of its sensors, by the firmware's own files, run by this Python."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.virtual.door import report
from tests.fakes.doorline import firmware

MAKERS_EXAMPLE = bytes.fromhex("F4F3F2F1 0D00 02AA 02 5100 00 0000 3B 0000 5500 F8F7F6F5")
"""From the maker's manual: somebody still; 81 cm."""


def radar():
    return firmware().ld2410.Radar()


def test_the_makers_own_example_is_read():
    assert len(MAKERS_EXAMPLE) == 23
    assert radar().receive_data(MAKERS_EXAMPLE) == [81]


@pytest.mark.parametrize(
    ("state", "moving", "still", "said"),
    [
        (0, 70, 80, 0),
        (1, 70, 30, 70),
        (2, 30, 80, 80),
        (3, 70, 80, 70),
        (3, 90, 80, 80),
        (3, 0, 80, 80),
        (3, 90, 0, 90),
        (1, 0, 80, 1),
        (2, 0, 0, 1),
    ],
)
def test_the_nearest_counts_and_somebody_at_no_distance_is_not_nobody(
    state: int, moving: int, still: int, said: int
):
    body = bytes((2, 0xAA, state, moving, 0, 9, still, 0, 9, 0, 0, 0x55, 0))
    assert radar().receive_data(b"\xf4\xf3\xf2\xf1\x0d\x00" + body + b"\xf8\xf7\xf6\xf5") == [said]


def gates(distance_cm: int) -> bytes:
    """A report with the energy of each gate, as the radar's engineering mode sends it."""
    body = b"\x01\xaa\x03" + distance_cm.to_bytes(2, "little") + b"\x40\x50\x00\x20" + bytes(24) + b"\x55\x00"
    return b"\xf4\xf3\xf2\xf1" + len(body).to_bytes(2, "little") + body + b"\xf8\xf7\xf6\xf5"


def test_reports_with_gates_are_read_too():
    assert radar().receive_data(gates(70) + gates(200)) == [70, 80]


@given(
    st.lists(st.one_of(st.none(), st.integers(1, 600)), max_size=8),
    st.lists(st.integers(0, 10_000), max_size=8),
    st.binary(max_size=40).filter(lambda noise: b"\xf4" not in noise),
)
def test_reports_are_found_however_they_are_cut_and_whatever_is_between(
    distances: list[int | None], at: list[int], noise: bytes
):
    stream = b"".join(noise + report(distance) for distance in distances)
    edges = [0, *sorted(place % (len(stream) + 1) for place in at), len(stream)]
    one, found = radar(), []
    for start, end in itertools.pairwise(edges):
        found += one.receive_data(stream[start:end])
    assert found == [distance or 0 for distance in distances]


@given(st.binary(max_size=500))
def test_no_bytes_are_too_much_for_the_radar(noise: bytes):
    one = radar()
    one.receive_data(noise)
    assert len(one._held) < 64 + 10


@given(st.data())
def test_a_broken_report_is_no_report_and_costs_no_other(data: st.DataObject):
    broken = bytearray(report(100))
    at = data.draw(
        st.integers(0, len(broken) - 1).filter(lambda at: at not in {9, 10, 11, 12, 13, 14, 15, 16})
    )
    broken[at] ^= data.draw(st.integers(1, 255))
    found = radar().receive_data(bytes(broken) + report(50) * 4)
    assert found[-1] == 50


class Feet:
    """Somebody before the sensor, and the firmware's presence with them."""

    def __init__(self) -> None:
        self.presence = firmware().senses.Presence()
        self.now_ms = 1000
        self.told: list[tuple[int, bool, int]] = []
        self.since_ms = 0

    def stand(self, distance_cm: int | None, for_ms: int) -> "Feet":
        """Stand there; the radar reports every 100 ms, time is looked at every 10."""
        self.since_ms = self.now_ms
        for after_ms in range(0, for_ms, 10):
            self.now_ms = self.since_ms + after_ms
            if after_ms % 100 == 0:
                self.presence.feel(distance_cm, self.now_ms)
            if self.presence.tick(self.now_ms):
                self.told.append((after_ms, self.presence.is_near, self.presence.distance_cm))
        self.now_ms = self.since_ms + for_ms
        return self


def test_who_stays_is_near_after_a_fifth_of_a_second():
    assert Feet().stand(None, 1000).stand(90, 2000).told == [(200, True, 90)]


def test_who_walks_past_is_not_greeted():
    assert Feet().stand(90, 200).stand(None, 9000).told == []
    assert Feet().stand(90, 150).stand(130, 300).stand(90, 150).stand(None, 1000).told == []


def test_between_near_and_far_nothing_changes():
    assert Feet().stand(140, 60_000).told == []
    feet = Feet().stand(90, 300).stand(109, 60_000)
    assert feet.told == [(200, True, 90)]


def test_who_leaves_is_away_after_five_seconds_and_not_before():
    feet = Feet().stand(100, 1000).stand(None, 4800).stand(110, 100).stand(None, 4500)
    assert feet.told == [(200, True, 100)]
    feet.stand(None, 1000)
    assert feet.told[1][1] is False
    assert len(feet.told) == 2


def test_too_far_is_away_as_well():
    assert [near for _, near, _ in Feet().stand(100, 1000).stand(200, 6000).told] == [True, False]


def test_much_movement_is_told_again_but_not_all_the_time():
    feet = Feet().stand(110, 1000).stand(60, 1000).stand(62, 2000)
    assert feet.told == [(200, True, 110), (0, True, 60)]
    restless = Feet().stand(110, 300)
    for at in range(20):
        restless.stand(50 if at % 2 else 100, 100)
    assert len(restless.told) <= 6


def test_a_radar_that_falls_silent_brings_nobody_near_and_lets_go_in_the_end():
    feet = Feet()
    feet.presence.feel(50, 1000)
    assert not any(
        feet.presence.tick(now_ms) for now_ms in range(1000, 9000, 10) if now_ms - 1000 not in range(200, 260)
    )
    near = Feet().stand(50, 500)
    assert [near.presence.tick(near.now_ms + after) for after in (0, 4000, 5000)] == [False, False, True]
    assert near.presence.is_near is False


def test_readings_far_apart_are_not_one_stay():
    presence = firmware().senses.Presence()
    presence.feel(90, 0)
    presence.feel(90, 3000)
    assert not presence.tick(3100)
    presence.feel(90, 3200)
    assert presence.tick(3200)


def test_a_sensor_without_a_distance_says_only_that_somebody_is_there():
    assert Feet().stand(0, 1000).stand(None, 6000).told == [(200, True, 0), (4900, False, 0)]


def test_a_button_is_told_once_however_its_contact_bounces():
    button = firmware().senses.Button()
    readings = [False, True, False, True, True, True, True, False, True, False, False, False, False, True]
    told = [button.feel(is_down, at * 10) for at, is_down in enumerate(readings)]
    assert told == [False, True] + [False] * 11 + [True]


def test_a_body_at_the_beam_is_counted_once():
    beam = firmware().senses.Beam()
    readings = [(0, True), (100, False), (200, True), (300, False), (900, True), (1000, True), (1100, False)]
    assert [beam.feel(is_broken, at) for at, is_broken in readings] == [
        True,
        False,
        False,
        False,
        True,
        False,
        False,
    ]
    assert beam.passed == 2


def test_a_beam_that_stays_broken_is_blocked():
    beam = firmware().senses.Beam()
    beam.feel(True, 1000)
    assert beam.works(60_000)
    assert not beam.works(61_000)
    beam.feel(False, 61_000)
    assert beam.works(61_000)


@pytest.mark.parametrize("count", [1, 8, 12, 16, 24])
@pytest.mark.parametrize("glow", range(-1, 7))
def test_every_glow_fills_every_ring_with_colours_that_do_not_dazzle(glow: int, count: int):
    looks = firmware().looks
    for age_ms in range(0, 7000, 33):
        picture = looks.picture(glow, age_ms, count)
        assert len(picture) == count
        assert all(0 <= part <= 80 for colour in picture for part in colour)


def test_glows_are_told_apart_without_their_colours():
    looks = firmware().looks

    def shape(glow: int) -> tuple[tuple[int, ...], ...]:
        """How bright each light is over two seconds, whatever its colour: what somebody colour-blind sees."""
        pictures = (looks.picture(glow, age_ms, 16) for age_ms in range(0, 2000, 100))
        return tuple(tuple(int(max(colour) > 20) for colour in picture) for picture in pictures)

    shapes = {glow: shape(glow) for glow in (2, 3, 4, 5, 6)}
    assert len(set(shapes.values())) == len(shapes)


def test_tones_are_told_apart_with_closed_eyes():
    looks = firmware().looks
    melodies = [[hertz for hertz, _ in looks.notes(tone) if hertz] for tone in (1, 2, 3)]
    rising, falling, steady = melodies
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > falling[-1]
    assert len(set(steady)) == 1
    assert len(steady) == 3
    assert all(sum(lasts for _, lasts in looks.notes(tone)) < 500 for tone in (1, 2, 3))
