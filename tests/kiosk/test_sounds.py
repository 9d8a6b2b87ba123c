"""A tap is heard once it is shown: through a real player, as the space wants it, aloud for who asked."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from community.members import Comfort, Space
from kiosk.core.chimes import Chime, samples_of
from kiosk.core.loudness import gain_of
from kiosk.core.views import Greeting
from kiosk.player import VOICE, Player, Speech
from tests.fakes.bridges import READY, FakeBridge
from tests.fakes.community import AMINA, EVERYBODY, LEA
from tests.fakes.doors import SPACE, Door, items, running
from tests.fakes.loudspeaker import loudspeaker, samples

READER = msgspec.structs.replace(LEA, comfort=Comfort(spoken=True))


class Remembering(Player):
    """A real player that also remembers what it was told."""

    def __init__(self) -> None:
        super().__init__([str(shutil.which("aplay"))], shutil.which(VOICE))
        self.told: list[bytes | Speech] = []

    def play(self, sound: bytes) -> None:
        self.told.append(sound)
        super().play(sound)

    def say(self, speech: Speech) -> None:
        self.told.append(speech)
        super().say(speech)


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remembering]:
    loudspeaker(tmp_path, monkeypatch)
    made = Remembering()
    made.start()
    yield made
    made.stop()


@asynccontextmanager
async def sounding(folder: Path, player: Player, space: Space = SPACE, *members) -> AsyncIterator[Door]:
    async with running(folder / "kiosk.db", items(*(members or EVERYBODY), space=space)) as door:
        door.taps.doorstep.sounds.use(player)
        yield door


def is_chime(sound: bytes | Speech, chime: Chime, volume: int = SPACE.volume) -> bool:
    assert isinstance(sound, bytes)
    played = np.frombuffer(sound[44:], dtype="<i2")
    return np.array_equal(played, np.array(samples_of(chime, gain_of(volume))))


async def test_coming_in_looking_and_meeting_sound_each_in_their_way(tmp_path: Path, player: Remembering):
    async with sounding(tmp_path, player) as door:
        for member, after_s, chime in (
            (LEA, 60, Chime.IN),
            (AMINA, 60, Chime.IN),
            (LEA, 60, Chime.QUIET),
            (AMINA, 5, Chime.MET),
        ):
            await door.tap_of(member, after_s=after_s)
            assert is_chime(player.told[-1], chime), chime
        await door.tap(b"\x04\x99\x99\x99\x99\x99\x99")
        assert is_chime(player.told[-1], Chime.PROBLEM)
        assert await asyncio.to_thread(player.wait, 10)
        assert len(samples(tmp_path / "played.wav"))


async def test_leaving_goes_down(tmp_path: Path, player: Remembering):
    async with sounding(tmp_path, player) as door:
        await door.tap_of(LEA)
        await door.tap_of(LEA)
        await door.tap_of(LEA, after_s=6)
        assert is_chime(player.told[-1], Chime.OUT)


async def test_a_bounce_does_not_sound_again(tmp_path: Path, player: Remembering):
    async with sounding(tmp_path, player) as door:
        await door.tap_of(LEA)
        await door.tap_of(LEA, after_s=2)
        assert len(player.told) == 1


async def test_in_quiet_hours_and_at_volume_nought_nothing_sounds(tmp_path: Path, player: Remembering):
    local = datetime.now(UTC)
    quiet = msgspec.structs.replace(
        SPACE,
        timezone="UTC",
        quiet_from=f"{local - timedelta(hours=1):%H:%M}",
        quiet_until=f"{local + timedelta(hours=2):%H:%M}",
    )
    for number, space in enumerate((quiet, msgspec.structs.replace(SPACE, volume=0))):
        folder = tmp_path / str(number)
        folder.mkdir()
        bridge = FakeBridge()
        async with sounding(folder, player, space, READER) as door:
            door.taps.doorstep.signals.use(bridge)
            await door.tap_of(READER)
            door.taps.doorstep.signals.stop()
        assert [told for told in player.told if isinstance(told, bytes)] == []
        assert bridge.tones == [], "the buzzer obeys too"
        assert bridge.lights, "light stays"
    assert await asyncio.to_thread(player.wait, 10)
    assert not (tmp_path / "played.wav").exists()


async def test_who_is_heads_down_hears_the_soft_one(tmp_path: Path, player: Remembering):
    async with sounding(tmp_path, player) as door:
        await door.tap_of(LEA)
        door.taps.press("4")
        await door.traces.count(2)
        assert [told for told in player.told if isinstance(told, bytes)] == player.told
        await door.tap_of(AMINA)
        assert is_chime(player.told[-1], Chime.IN)
        await door.tap_of(LEA)
        await door.tap_of(AMINA, after_s=5)  # they met; it is Amina who taps, and two people's sound
        assert is_chime(player.told[-1], Chime.MET)


async def test_where_the_buzzer_sounds_the_speaker_is_still_unless_it_is_told_to(
    tmp_path: Path, player: Remembering
):
    async with sounding(tmp_path, player) as door:
        bridge = FakeBridge()
        door.taps.doorstep.signals.use(bridge)
        door.taps.doorstep.bridge_is(READY)
        await door.tap_of(LEA)
        assert (len(bridge.tones), player.told) == (1, [])
        door.taps.doorstep.sounds.use(player, beside_buzzer=True)
        await door.tap_of(AMINA)
        assert len(bridge.tones) == 2
        assert is_chime(player.told[-1], Chime.IN)
        door.taps.doorstep.signals.stop()


async def test_who_asked_for_it_is_read_to_in_their_language_and_nobody_else_is(
    tmp_path: Path, player: Remembering
):
    async with sounding(tmp_path, player, SPACE, READER, AMINA) as door:
        await door.tap_of(AMINA)
        assert not [told for told in player.told if isinstance(told, Speech)]
        await door.tap_of(READER)
        (speech,) = [told for told in player.told if isinstance(told, Speech)]
        greeting = door.screen.last
        assert isinstance(greeting, Greeting)
        assert speech.text.startswith(greeting.headline)
        assert (speech.language, speech.gain) == ("fr", gain_of(SPACE.volume))
        assert await asyncio.to_thread(player.wait, 20)
        spoken = samples(tmp_path / "played.wav")
        assert len(spoken) > 22_050, "seconds of it, after the chime"


async def test_the_next_tap_ends_what_is_being_said(tmp_path: Path, player: Remembering):
    async with sounding(tmp_path, player, SPACE, READER, AMINA) as door:
        await door.tap_of(READER)
        await door.tap_of(AMINA)
        assert isinstance(player.told[-1], bytes)
        assert await asyncio.to_thread(player.wait, 10)
        # what was played last is the chime of who came in, and nothing after it
        assert len(samples(tmp_path / "played.wav")) < 22_050


async def timed(door: Door) -> float:
    """Milliseconds from a tap to everything about it having been told."""
    begun = time.perf_counter()
    await door.tap_of(READER)
    return (time.perf_counter() - begun) * 1_000


async def test_a_dead_player_never_delays_a_tap(tmp_path: Path, counts: list[str]):
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    figures = []
    for name, players in (("without a speaker", []), ("with one that hangs", [str(hangs)])):
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        player = Player(players, shutil.which(VOICE))
        player.start()
        try:
            async with sounding(folder, player, SPACE, READER) as door:
                took = [await timed(door) for _ in range(10)]
        finally:
            player.stop()
        figures.append(sorted(took)[5])
    without, hanging = figures
    counts.append(f"a tap until its view is shown, ms: silent {without:.1f}, a hung player {hanging:.1f}")
    assert figures[1] < figures[0] + 20
