"""What `foyer bench reader` counts, in short: the long version is `make soak`."""

import dataclasses
import json
import sys

import pytest

from foyer import benchreader, soak
from foyer.measuring import bench_app


@pytest.fixture(scope="module")
def rows():
    return {row.name: row for row in benchreader.latency(5)}


def test_a_number_and_a_proof_cost_no_frame_more_than_any_program_needs(rows):
    _, uid, sun, mutual = rows.values()
    assert (uid.frames, sun.frames, mutual.frames) == (1, 5, 5)
    assert uid.ratio == sun.ratio == mutual.ratio == 1


def test_looking_at_nobody_costs_half_of_what_nfcpy_takes(rows):
    idle = rows["nobody there"]
    assert 2 <= idle.frames < 2.2
    assert idle.nfcpy_frames == 4


def test_nfcpys_own_way_is_counted_beside_it(rows):
    assert [row.nfcpy_frames for row in rows.values()] == [4, 4, 18, 18]


def test_the_wires_time_follows_from_the_bytes_and_the_speed(rows):
    for row in rows.values():
        size = row.to_chip + row.from_chip
        assert row.wire_ms[115200] == pytest.approx(size * 10 / 115.2, abs=0.02)
        assert row.wire_ms[921600] == pytest.approx(row.wire_ms[115200] / 8, abs=0.02)


def test_what_lies_beyond_the_floor_is_code_only(rows):
    for row in list(rows.values())[1:]:
        assert row.code_p95_ms >= row.code_ms == row.beyond_ms > 0


def test_the_table_has_a_line_for_each_read(rows):
    lines = benchreader.table(list(rows.values()))
    assert len(lines) == 2 + len(rows)
    assert {line.count("|") for line in lines} == {9}


@pytest.mark.faults
def test_no_tap_is_missed_and_none_doubled_while_the_line_fails_and_the_plug_is_pulled(rows, capsys):
    # However busy the machine is: with the promised seconds only, `make soak` asks it.
    counts = soak.soak(seconds=12, unplugs=6, patience_s=soak.READY_S)
    with capsys.disabled():  # whoever runs the tests sees what was counted
        sys.stdout.write(
            "\n".join(["", *benchreader.table(list(rows.values())), *benchreader.said(counts), ""])
        )
    assert counts.presented > 5
    assert counts.unplugs >= 6
    assert counts.faults > 2
    assert (counts.missed, counts.doubled, counts.unproven) == (0, 0, 0)
    assert counts.seen == counts.presented
    assert (counts.threads_more, counts.files_more) == (0, 0)
    assert 0 < counts.told_ms <= counts.told_p95_ms
    assert 0 < counts.reopened_ms <= counts.reopened_worst_ms


def test_a_tap_that_was_lost_is_a_failed_run(monkeypatch, tmp_path, capsys):
    counts = soak.Counts(10, 9, 1, 0, 0, 0, 3, 2, 1, 50.0, 90.0, 300.0, 400.0, 99, 0, 0, 0, 20.0)
    monkeypatch.setattr(benchreader, "soak", lambda **_: counts)
    file = tmp_path / "reader.json"
    with pytest.raises(SystemExit):
        bench_app(["reader", "--taps", "2", "--json", str(file)], exit_on_error=False)
    assert "presented 10, seen 9, missed 1, doubled 0" in capsys.readouterr().out
    told = json.loads(file.read_text())
    assert told["soak"] == dataclasses.asdict(counts)
    assert [row["nfcpy_frames"] for row in told["reads"]] == [4, 4, 18, 18]
