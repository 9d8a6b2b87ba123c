"""The commands that measure and count: `foyer bench …` and `foyer simulate`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from foyer.ending import run
from foyer.errors import UsageError
from foyer.language import tell
from plumbing.mqtt import Broker
from plumbing.words import Sentence

bench_app = App(name="bench", help="Measure this machine: ratios within one run.")


def simulate(
    *,
    spaces: int = 2,
    kiosks: int = 2,
    days: int = 30,
    broker: str = "127.0.0.1:1883",
    seed: int = 1,
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
) -> None:
    """Let a made-up fleet of kiosks, and a hub for each space, speak over a broker, and count every event.

    Args:
        spaces: How many, each with a hub of its own.
        kiosks: How many doors each has.
        days: How many days of taps each kiosk has to send.
        broker: Its address, host:port; it must let everybody in, so use one of your own.
        seed: The same seed makes the same days.
        json_file: Where the counts go, besides the line.
    """
    from foyer.simulate import simulate as run_fleet

    least = min(spaces, kiosks, days)
    if least < 1:
        raise too_few(least, 1, "--spaces, --kiosks, --days")
    host, colon, port = broker.rpartition(":")
    if not colon or not port.isdecimal():
        raise UsageError(Sentence("--broker must be host:port, not {given}", given=broker))
    tally = run(run_fleet(Broker(host, int(port)), spaces=spaces, kiosks=kiosks, days=days, seed=seed))
    if tally is None:
        return  # told to end
    tell(
        Sentence(
            "{spaces} spaces, {kiosks} kiosks: {written} events written, {stored} stored, {lost} lost, "
            "{doubled} doubled, {quarantined} quarantined, in {seconds} s",
            spaces=tally.spaces,
            kiosks=tally.kiosks,
            written=tally.written,
            stored=tally.stored,
            lost=tally.lost,
            doubled=tally.doubled,
            quarantined=tally.quarantined,
            seconds=tally.took_s,
        )
    )
    if json_file is not None:
        json_file.write_text(json.dumps(asdict(tally), indent=2) + "\n", encoding="utf-8")
    if not tally.right:
        raise SystemExit(1)


@bench_app.command(name="tap")
def bench_tap(*, taps: int = 40, json_file: Annotated[Path | None, Parameter(name="--json")] = None) -> None:
    """From the card in the field to the greeting on the screen, beside the floor of the same machine.

    Args:
        taps: Taps for each size of community, each of somebody who arrives; at most 40 for the smallest.
        json_file: Where the figures go, besides the table.
    """
    from foyer.bench import bench

    if taps < 2:  # noqa: PLR2004 - quantiles of a single figure say nothing
        raise too_few(taps, 2)
    run(bench(taps=taps, json_file=json_file))


@bench_app.command(name="screen")
def bench_screen(
    *,
    taps: int = 100,
    idle_s: float = 20.0,
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
) -> None:
    """What the kiosk's screens cost beside a minimal app of the same library: time, memory, bytes.

    Args:
        taps: How many acknowledgements and greetings are timed.
        idle_s: Seconds over which a lobby at rest is watched.
        json_file: Where the figures go, besides the table.
    """
    from foyer.benchscreen import bench

    if taps < 2:  # noqa: PLR2004 - quantiles of a single figure say nothing
        raise too_few(taps, 2)
    bench(taps=taps, idle_s=idle_s, json_file=json_file)


@bench_app.command(name="plan")
def bench_plan(
    *, taps: int = 200, json_file: Annotated[Path | None, Parameter(name="--json")] = None
) -> None:
    """Whom to meet: what it costs at a tap and at the plan's hour, beside exact assignment.

    Args:
        taps: Taps for each size of community, half of them before the plan's hour.
        json_file: Where the figures go, besides the table.
    """
    from foyer.benchplan import bench

    if taps < 4:  # noqa: PLR2004 - quantiles of a single figure say nothing
        raise too_few(taps, 4)
    bench(taps=taps, json_file=json_file)


@bench_app.command(name="ingest")
def bench_ingest(
    *,
    events: int = 100_000,
    grow: tuple[int, ...] = (),
    database: str = "",
    broker: Literal["mosquitto", "amqtt"] = "mosquitto",
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
) -> None:
    """What a hub takes in, beside the raw limits of the same broker and database in the same run.

    Args:
        events: Events in each flow of batches; a fifth of it is sent one by one.
        grow: Sizes the database is grown to before batches are measured again.
        database: The URL of an empty database; SQLite in a temporary folder if not given.
        broker: What stands between.
        json_file: Where the figures go, besides the lines.
    """
    from foyer.benchingest import bench

    if events < 5_000:  # noqa: PLR2004 - a rate over less than a second says nothing
        raise too_few(events, 5_000, "--events")
    run(
        bench(
            database=database,
            mosquitto=broker == "mosquitto",
            events_sent=events,
            grow=sorted(grow),
            json_file=json_file,
        )
    )


@bench_app.command(name="reader")
def bench_reader(
    *,
    taps: int = 40,
    seconds: float = 20.0,
    unplugs: int = 20,
    baud: Literal[115200, 230400, 460800, 921600] = 115200,
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
) -> None:
    """What each read of a badge costs, and how many taps survive a line that fails and a plug that is pulled.

    Args:
        taps: Reads of each kind that are timed.
        seconds: How long people tap while faults strike.
        unplugs: How often the plug is pulled meanwhile; it goes on until it was.
        baud: Speed of the line in the soak.
        json_file: Where the figures go, besides the lines.
    """
    from foyer.benchreader import bench

    if taps < 2:  # noqa: PLR2004 - quantiles of a single figure say nothing
        raise too_few(taps, 2)
    if not bench(taps=taps, seconds=seconds, unplugs=unplugs, baud=baud, json_file=json_file):
        raise SystemExit(1)


def too_few(given: int, least: int, option: str = "--taps") -> UsageError:
    """Return what to say of a number that is too small."""
    sentence = Sentence(
        "{option} must be {least} or more, not {given}", option=option, least=least, given=given
    )
    return UsageError(sentence)
