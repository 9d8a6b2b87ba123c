"""Whether the door's microcontroller can be used: it is spoken to as the kiosk would, and let go again."""

import queue
from pathlib import Path
from typing import assert_never

from firmware_bridge.bridge import SerialBridge
from firmware_bridge.door import (
    BridgeFault,
    BridgeLost,
    BridgeReady,
    BridgeState,
    Capability,
    Sensed,
    SensorHealth,
)
from firmware_bridge.mcu.version import FIRMWARE
from foyer.doctor import ports
from foyer.doctor.findings import Finding, Say, broken, notice, works
from foyer.doctor.processes import Process, a_kiosk, holder_of
from kiosk.settings import DoorSettings

LATEST_S = 8.0
"""Seconds a microcontroller may take to answer or to fail: one that starts takes two."""

HEALTH_S = 2.5
"""Seconds to listen for sensors that do not speak: a radar is called silent after two."""


def check(settings: DoorSettings | None, say: Say) -> list[Finding]:
    """Say how the door's microcontroller does; nothing where the settings know of none."""
    port = None if settings is None else settings.path
    if port is None:
        return []
    held = of_holder(port, holder_of(Path(port)), say)
    if held is not None:
        return [held]
    state, silent = _ask(port)
    if isinstance(state, BridgeLost) and state.kind is BridgeFault.BUSY:
        # Whose it is cannot be seen without the administrator's rights; a running kiosk can.
        held = of_holder(port, a_kiosk(), say)
        return [held or of_state(state, port, say)]
    found = [of_state(state, port, say)]
    if isinstance(state, BridgeReady):
        found += of_version(state.firmware, FIRMWARE, say)
        found += [of_silent(sensor, say) for sensor in sorted(silent, key=lambda sensor: sensor.value)]
        found += ports.of_rights(Path(port), say)
    return found


def of_holder(port: str, holder: Process | None, say: Say) -> Finding | None:
    """Say who has the port; `None` if nobody is known to."""
    if holder is None:
        return None
    if holder.is_kiosk:
        return works(
            say(
                "The door's microcontroller at {port} is in use: the kiosk is using it (process {pid}), "
                "so it was left alone."
            ).format(port=port, pid=holder.pid)
        )
    return broken(
        say("The port {port} is held by another program: {name} (process {pid}).").format(
            port=port, name=holder.name, pid=holder.pid
        ),
        say("End that program: only one can use the door's microcontroller."),
    )


def of_state(state: BridgeState | None, port: str, say: Say) -> Finding:
    """Say what it answered; `None` if it said nothing in time."""
    match state:
        case None:
            return _lost(BridgeFault.MUTE, port, say)
        case BridgeReady(firmware=firmware, capabilities=capabilities):
            parts = [_part(capability, say) for capability in Capability if capability in capabilities]
            return works(
                say(
                    "The door's microcontroller at {port} answers: firmware {firmware}, with {parts}."
                ).format(port=port, firmware=firmware, parts=", ".join(parts) or say("nothing fitted"))
            )
        case BridgeLost(kind=kind):
            return _lost(kind, port, say)
        case _:
            assert_never(state)


def of_version(has: str, brings: str, say: Say) -> list[Finding]:
    """Say that the firmware is another than the one this Foyer brings."""
    if has == brings:
        return []
    return [
        notice(
            say("Its firmware is {has}; this Foyer brings {brings}.").format(has=has, brings=brings),
            say("Run: {command}").format(command="foyer mcu update"),
        )
    ]


def of_silent(sensor: Capability, say: Say) -> Finding:
    """Say that a sensor does not speak."""
    return broken(
        say("At the door, {part} does not speak.").format(part=_part(sensor, say)),
        say("Check its wires: TX to RX and RX to TX, 5 V and ground; docs/hardware.md draws them."),
    )


def _ask(port: str) -> tuple[BridgeState | None, set[Capability]]:
    """Speak with it, and return the first thing that is known of it, and the sensors that do not speak."""
    said: queue.SimpleQueue[BridgeState | Sensed] = queue.SimpleQueue()
    silent: set[Capability] = set()
    bridge = SerialBridge(port, on_sensed=said.put, on_state=said.put)
    bridge.start()
    state: BridgeState | None = None
    try:
        while True:
            heard = said.get(timeout=LATEST_S if state is None else HEALTH_S)
            match heard:
                case BridgeLost():
                    return heard, silent
                case BridgeReady():
                    state = heard
                case SensorHealth(sensor=sensor, works=True):
                    silent.discard(sensor)
                case SensorHealth(sensor=sensor):
                    silent.add(sensor)
                case _:
                    continue
    except queue.Empty:
        return state, silent
    finally:
        bridge.stop()


def _part(capability: Capability, say: Say) -> str:
    match capability:
        case Capability.RADAR:
            return say("the radar")
        case Capability.PIR:
            return say("the motion sensor")
        case Capability.BEAM:
            return say("the beam")
        case Capability.RING:
            return say("the light")
        case Capability.BUZZER:
            return say("the buzzer")
        case Capability.BUTTONS:
            return say("the buttons")
        case _:
            assert_never(capability)


def _lost(kind: BridgeFault, port: str, say: Say) -> Finding:
    match kind:
        case BridgeFault.NO_SUCH_PORT | BridgeFault.UNPLUGGED:
            here = ports.listed(ports.DEV)
            cure = say("Plug the microcontroller in, or set [door] device to its port, or to none.")
            if here:
                cure = say(
                    "Plug the microcontroller in, or set [door] device to one of these: {ports}"
                ).format(ports=here)
            return broken(say("There is no port {port}.").format(port=port), cure)
        case BridgeFault.NOT_ALLOWED:
            return ports.not_allowed(port, say)
        case BridgeFault.BUSY:
            return ports.busy(port, say)
        case BridgeFault.MUTE:
            return broken(
                say("What is at {port} does not answer as the door's microcontroller.").format(port=port),
                say("Unplug it and plug it in again; if that does not help, run: {command}").format(
                    command="foyer mcu flash"
                ),
            )
        case BridgeFault.VERSION:
            return broken(
                say("The door's microcontroller at {port} speaks another version.").format(port=port),
                say("Run: {command}").format(command="foyer mcu update"),
            )
        case _:
            assert_never(kind)
