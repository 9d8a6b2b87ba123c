"""`foyer bench reader`: what each read costs on the wire and in code, and how many taps survive bad days.

Frames and bytes are counted on the virtual chip while the kiosk's own reader works; the wire's time follows
from them and the speed; code is everything between the chip's first answer and the decision but the
virtual chip's own time.  The floor is the frames that any program needs: one to look, one to activate a card
that takes commands, one a command.  nfcpy's own way through the same reads is counted beside it, in a child.
"""

import json
import os
import platform
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, quantiles

from community.badges import Badge, BadgeKey
from community.desk import Desk
from community.ids import MemberId
from community.members import Member, Space
from foyer.benchbadges import asking, commands_of, programmed
from foyer.errors import BenchError
from foyer.nfcpychild import NfcpyChild
from foyer.soak import Counts, soak
from hardware.nfc_reader import NfcReader
from hardware.reader import Prove, Proven, Tap
from hardware.virtual.cards import Card, Ntag213
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET
from hardware.virtual.port import BITS_PER_BYTE, BRISK, Exchanged, VirtualPn532
from kiosk.core.directory import Directory
from kiosk.hours import hours_of

BAUDS = (115200, 460800, 921600)
AIM_MS = 30.0
"""UID to decision at 115200 baud, beyond the floor: milliseconds at most."""

MEMBERS = 500
IDLE_POLLS = 80
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of read, from the chip beginning to look to the decision."""

    name: str
    frames: float
    """Commands to the chip, on average."""
    nfcpy_frames: float
    """The same, as nfcpy does it by itself."""
    floor_frames: int
    """The fewest any program needs."""
    to_chip: float
    """Bytes, frames and all."""
    from_chip: float
    wire_ms: Mapping[int, float]
    """By the line's speed."""
    code_ms: float
    """Median; 0 for a poll that decides nothing."""
    code_p95_ms: float
    beyond_ms: float
    """Wire at 115200 baud of what is more than the floor, and the median of the code."""

    @property
    def ratio(self) -> float:
        """Frames to the floor."""
        return self.frames / self.floor_frames


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of card, as it is read."""

    name: str
    card: Card
    prove: Prove | None
    commands: tuple[bytes, ...]
    """What is said to it: what nfcpy says in the same read."""


def bench(
    *, taps: int, seconds: float, unplugs: int, baud: int = 115200, json_file: Path | None = None
) -> bool:
    """Measure, count, print, and write the figures.

    Returns:
        Whether every aim was reached: no tap missed, doubled or unproven, the latency within `AIM_MS`.

    Raises:
        BenchError: nfcpy's own way could not be run.
    """
    rows = latency(taps)
    for line in table(rows):
        print(line, flush=True)
    print(f"\nsoak: {seconds:.0f} s or more, {unplugs} hot unplugs, {baud} baud …", flush=True)
    counts = soak(seconds=seconds, unplugs=unplugs, baud=baud)
    for line in said(counts):
        print(line, flush=True)
    if json_file is not None:
        figures = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "reads": [asdict(row) | {"ratio": round(row.ratio, 2)} for row in rows],
            "soak": asdict(counts),
        }
        json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return counts.missed == counts.doubled == counts.unproven == 0 and all(
        row.beyond_ms <= AIM_MS for row in rows
    )


def latency(taps: int) -> list[Read]:
    """Count and time each kind of read, so many times.

    Raises:
        BenchError: nfcpy's own way could not be run.
    """
    uid = bytes.fromhex("04112233445566")
    badge = programmed(uid)
    kinds = [
        _Kind("UID of an NTAG213", Ntag213(uid), None, ()),
        _Kind("SUN of an NTAG 424", badge, asking(mutual=False), commands_of(mutual=False)),
        _Kind("mutual, an NTAG 424", badge, asking(mutual=True), commands_of(mutual=True)),
    ]
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    try:
        with closing(NfcpyChild(chip)) as nfcpy:
            by_nfcpy = [nfcpy.frames(None, ()), *(nfcpy.frames(kind.card, kind.commands) for kind in kinds)]
        return [
            _idle(chip, by_nfcpy[0]),
            *(_read(chip, kind, taps, frames) for kind, frames in zip(kinds, by_nfcpy[1:], strict=True)),
        ]
    finally:
        chip.stop()


def table(rows: Sequence[Read]) -> list[str]:
    """The figures of the reads, as lines of Markdown."""
    speeds = " | ".join(f"wire {baud}" for baud in BAUDS)
    counted = "frames (nfcpy, floor) | bytes to + from the chip"
    head = f"| read | {counted} | {speeds} | code p50 / p95 | beyond the floor |"
    lines = [head, "|---|---|---|" + "---|" * (len(BAUDS) + 2)]
    lines += [
        f"| {row.name} | {row.frames:.1f} ({row.nfcpy_frames:.0f}, {row.floor_frames}) "
        f"| {row.to_chip:.0f} + {row.from_chip:.0f} | "
        + " | ".join(f"{row.wire_ms[baud]:.1f} ms" for baud in BAUDS)
        + f" | {row.code_ms:.1f} / {row.code_p95_ms:.1f} ms | {row.beyond_ms:.1f} ms |"
        for row in rows
    ]
    return lines


def said(counts: Counts) -> list[str]:
    """The counts of a soak, in words."""
    taps = f"taps presented {counts.presented}, seen {counts.seen}"
    lost = f"missed {counts.missed}, doubled {counts.doubled}, without their proof {counts.unproven}"
    told = f"told of after {counts.told_ms:.0f} ms (95 of 100 within {counts.told_p95_ms:.0f} ms)"
    pulled = (
        f"faults {counts.faults}, hot unplugs {counts.unplugs} ({counts.unplugs_in_a_tap} of them in a tap)"
    )
    back = f"ready again after {counts.reopened_ms:.0f} ms (worst {counts.reopened_worst_ms:.0f} ms)"
    ran = f"polls {counts.polls} in {counts.took_s:.0f} s"
    grown = f"{counts.threads_more} threads, {counts.files_more} files, {counts.memory_more_kb} kB"
    return [f"{taps}, {lost}", told, f"{pulled}, {back}", f"{ran}; grown by {grown}"]


def _idle(chip: VirtualPn532, by_nfcpy: int) -> Read:
    """A poll that finds nobody."""
    reader = NfcReader(chip.path, on_tap=lambda _tap: None, on_state=lambda _state: None, pause_s=0.005)
    reader.start()
    try:
        if not chip.wait_for_polls(IDLE_POLLS + 10, PATIENCE_S):
            raise BenchError("the reader did not poll")
        traffic = chip.traffic()
    finally:
        reader.stop()
    looks = [i for i, told in enumerate(traffic) if told.command == IN_LIST_PASSIVE_TARGET]
    whole = traffic[looks[-IDLE_POLLS - 1] : looks[-1]]
    return _row("nobody there", [whole], IDLE_POLLS, by_nfcpy, 1, [0.0])


def _read(chip: VirtualPn532, kind: "_Kind", taps: int, by_nfcpy: int) -> Read:
    """Present a card so many times; what went over the wire from each look to the decision."""
    desk, directory, key = _desk_and_directory()
    at = datetime.now(tz=UTC)
    heard: list[tuple[tuple[Exchanged, ...], float]] = []
    decided = threading.Event()

    def on_tap(tap: Tap) -> None:
        read = directory.read(tap.uid.value, random=tap.uid.is_random, key=key)
        desk.tap(read, at, tap.read_s)
        if (kind.prove is not None) is not isinstance(tap.proof, Proven):
            return  # the wait below says so
        now_s = time.monotonic()
        traffic = chip.traffic()
        look = max(i for i, told in enumerate(traffic) if told.command == IN_LIST_PASSIVE_TARGET)
        heard.append((traffic[look:], now_s))
        decided.set()

    reader = NfcReader(
        chip.path, on_tap=on_tap, on_state=lambda _state: None, prove=kind.prove, pause_s=0.005
    )
    reader.start()
    try:
        for _ in range(taps):
            decided.clear()
            if not chip.wait_for_polls(4, PATIENCE_S):
                raise BenchError("the reader did not poll")
            chip.present(kind.card)
            if not decided.wait(PATIENCE_S):
                raise BenchError(f"{kind.name}: it was not read")
            chip.lift()
    finally:
        reader.stop()
    code_ms = [(now_s - told[0].answered_s - (len(told) - 1) * BRISK.hit_s) * 1_000 for told, now_s in heard]
    floor = 1 + (1 + len(kind.commands) if kind.commands else 0)
    return _row(kind.name, [told for told, _ in heard], len(heard), by_nfcpy, floor, code_ms)


def _row(
    name: str,
    traffic: Sequence[Sequence[Exchanged]],
    reads: int,
    by_nfcpy: int,
    floor: int,
    code_ms: Sequence[float],
) -> Read:
    commands = [told for one in traffic for told in one]
    to_chip = sum(told.to_chip for told in commands) / reads
    from_chip = sum(told.from_chip for told in commands) / reads
    frames = len(commands) / reads
    # Frames beyond the floor are reckoned as long as the others: an upper bound, they are the shortest.
    more_bytes = fmean(told.to_chip + told.from_chip for told in commands) * max(0, frames - floor)
    cuts = quantiles(code_ms, n=20, method="inclusive") if len(code_ms) > 1 else [0.0] * 19
    return Read(
        name=name,
        frames=round(frames, 2),
        nfcpy_frames=by_nfcpy,
        floor_frames=floor,
        to_chip=round(to_chip, 1),
        from_chip=round(from_chip, 1),
        wire_ms={baud: round(_wire_ms(to_chip + from_chip, baud), 2) for baud in BAUDS},
        code_ms=round(cuts[9], 2),
        code_p95_ms=round(cuts[18], 2),
        beyond_ms=round(_wire_ms(more_bytes, BAUDS[0]) + cuts[9], 2),
    )


def _wire_ms(size_bytes: float, baud: int) -> float:
    return size_bytes * BITS_PER_BYTE / baud * 1_000


def _desk_and_directory() -> tuple[Desk, Directory, BadgeKey]:
    """A kiosk's memory of `MEMBERS` people, to decide with."""
    key = BadgeKey(1, bytes(32))
    members, badges = {}, {}
    for number in range(MEMBERS):
        member = Member(MemberId(f"m{number}"), f"Member {number}")
        hashed = key.hash(bytes([4]) + number.to_bytes(6, "big"))
        members[member.id] = member
        badges[hashed] = Badge(hashed, member.id)
    return Desk(hours_of(Space())), Directory(members=members, badges=badges), key
