"""What Foyer costs the machine it runs on: counted by the kernel for each process, not estimated."""

import json
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.machine.trial import Machine

TICKS_S = 100
"""The kernel counts a process's time in hundredths (USER_HZ)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the kernel has counted of one process since it began."""

    rss_kb: int
    pss_kb: int
    """Its share where pages are shared with others."""
    cpu_s: float
    wake_ups: int
    """How often it went to sleep by itself, and was woken."""
    written_bytes: int
    """What it has had written to the disk, in whole pages; without what the file system adds."""


def processes(machine: Machine) -> dict[str, int]:
    """Everything Foyer keeps running, by name, as the machine counts."""
    (program,) = machine.run("pgrep", "-f", "^/opt/foyer/releases/.* kiosk --settings").split()
    found = {
        "kiosk": int(program),
        "hub": machine.main_pid("foyer-hub"),
        "mosquitto": machine.main_pid("mosquitto"),
        "herald": machine.main_pid("foyer-kiosk"),
    }
    return found | {name: int(machine.run("pgrep", "-x", name)) for name in ("cage", "foot")}


def cost(machine: Machine, process: int) -> Cost:
    proc = Path(f"/proc/{machine.first}/root/proc/{process}")
    rollup, io = (proc / "smaps_rollup").read_text(), (proc / "io").read_text()
    times = (proc / "stat").read_text().rpartition(")")[2].split()
    woken = [(task / "status").read_text() for task in (proc / "task").iterdir()]
    return Cost(
        rss_kb=_number(r"^Rss:\s+(\d+)", rollup),
        pss_kb=_number(r"^Pss:\s+(\d+)", rollup),
        cpu_s=(int(times[11]) + int(times[12])) / TICKS_S,
        wake_ups=sum(_number(r"^voluntary_ctxt_switches:\s+(\d+)", status) for status in woken),
        written_bytes=_number(r"^write_bytes: (\d+)", io),
    )


def costs(machine: Machine) -> dict[str, Cost]:
    return {name: cost(machine, process) for name, process in processes(machine).items()}


def idle(machine: Machine, seconds: float) -> dict[str, dict[str, float]]:
    """What each process takes while nobody comes: percent of one core, wake-ups a second, bytes an hour."""
    begun, before = time.monotonic(), costs(machine)
    time.sleep(seconds)  # a measurement over time, not a wait for something
    after, took = costs(machine), time.monotonic() - begun
    return {
        name: {
            "cpu_percent": round(100 * (after[name].cpu_s - old.cpu_s) / took, 2),
            "wake_ups_a_second": round((after[name].wake_ups - old.wake_ups) / took, 1),
            "written_bytes_an_hour": round(3600 * (after[name].written_bytes - old.written_bytes) / took),
        }
        for name, old in before.items()
    }


def written(before: dict[str, Cost], after: dict[str, Cost]) -> dict[str, int]:
    return {name: after[name].written_bytes - old.written_bytes for name, old in before.items()}


def size_kb(folder: Path) -> int:
    return sum(path.lstat().st_blocks for path in folder.rglob("*")) // 2


def as_json(file: Path, **parts: object) -> None:
    file.write_text(json.dumps(parts, indent=2, default=asdict) + "\n")


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    assert found, pattern
    return int(found[1])
