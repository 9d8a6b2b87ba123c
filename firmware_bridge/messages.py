"""What the payloads of frames mean, as values.

Pure.  What is too short or unknown here is `None`: the other side may be newer, or the line bad.  The page
of it is `mcu/PROTOCOL.md`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from firmware_bridge.door import Away, Capability, Glow, Near, Pressed, SensorHealth, Tone
from firmware_bridge.mcu import protocol

_SENSORS = {
    protocol.RADAR: Capability.RADAR,
    protocol.PIR: Capability.PIR,
    protocol.BEAM: Capability.BEAM,
}
_CAPABILITIES = {capability.value: capability for capability in Capability}
_MOST_BUTTONS = 3


@dataclass(frozen=True, slots=True)
class About:
    """What the board says of itself at each HELLO."""

    firmware: str
    protocol: tuple[int, int]
    board: str
    boot: str
    reset_cause: str
    passed: int
    """Bodies counted at the beam since the board started."""
    capabilities: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class Counted:
    """The beam's count since the board started; a total, so that one lost on the way is made up for."""

    passed: int


Event: TypeAlias = Near | Away | Counted | Pressed | SensorHealth


def read_about(text: bytes) -> About | None:
    """Read the text of a HELLO_R: `key=value` joined by spaces; unknown keys and capabilities are ignored.

    Returns:
        `None` if the protocol's version or the boot id is missing.
    """
    words = (word.partition("=") for word in text.decode("ascii", "replace").split(" "))
    said = {key: value for key, _, value in words}
    version = read_version(said.get("proto", ""))
    if version is None or not said.get("boot"):
        return None
    # What stands behind a colon, such as the number of lights, is the board's own business.
    names = {part.partition(":")[0] for part in said.get("caps", "").split(",")}
    return About(
        firmware=said.get("fw", "?"),
        protocol=version,
        board=said.get("board", "?"),
        boot=said["boot"],
        reset_cause=said.get("reset", "?"),
        passed=int(said["passed"]) if _is_number(said.get("passed", "")) else 0,
        capabilities=frozenset(_CAPABILITIES[name] for name in names & _CAPABILITIES.keys()),
    )


def read_version(text: str) -> tuple[int, int] | None:
    """Read `major.minor`."""
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if _is_number(major) and _is_number(minor) else None


def read_event(kind: int, payload: bytes) -> Event | None:
    """Read what the board tells by itself; bytes behind those we know are a newer board's."""
    match kind, payload:
        case protocol.PRESENCE, bytes() if len(payload) >= 4:  # noqa: PLR2004 - state, sensor, centimetres
            distance_cm = int.from_bytes(payload[2:4], "little")
            return Near(distance_cm or None) if payload[0] else Away()
        case protocol.PASSED, bytes() if len(payload) >= 4:  # noqa: PLR2004 - a number of four bytes
            return Counted(int.from_bytes(payload[:4], "little"))
        case protocol.PRESSED, bytes() if payload and 0 < payload[0] <= _MOST_BUTTONS:
            return Pressed(payload[0])
        case protocol.SENSOR, bytes() if len(payload) >= 2 and payload[0] in _SENSORS:  # noqa: PLR2004
            return SensorHealth(_SENSORS[payload[0]], works=bool(payload[1]))
        case _:
            return None


def light_payload(glow: Glow, ttl_s: float) -> bytes:
    """Return the payload of LIGHT; a time to live above the field's range is cut to it."""
    steps = round(ttl_s * 1000 / protocol.TTL_STEP_MS)
    glow_number = protocol.GLOWS.index(glow.value)
    return bytes((glow_number,)) + min(max(1, steps), protocol.MOST_TTL).to_bytes(2, "little")


def sound_payload(tone: Tone) -> bytes:
    """Return the payload of SOUND."""
    return bytes((protocol.TONES.index(tone.value),))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 - four bytes at most
