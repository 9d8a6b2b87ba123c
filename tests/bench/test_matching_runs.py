"""The harness on tiny made-up data: that it runs, and that its rules hold; the figures mean nothing."""

import shutil

import numpy as np
import pytest

from bench.matching import __main__ as command
from bench.matching import agents, integration, replay
from bench.matching.contacts import read_conference, read_office
from bench.matching.evenings import read_evenings
from bench.matching.sources import SOURCES, VARIABLE, MissingData, require
from bench.matching.village import Faults, settle


@pytest.fixture(scope="module")
def evenings(made_up):
    return read_evenings(made_up / "speed_dating.csv")


@pytest.fixture(scope="module")
def replayed(evenings):
    return replay.simulate(evenings, seeds=2, capacities=(1, 2))


def test_an_evening_is_read_from_both_sides_and_a_partner_without_id_is_left_out(evenings):
    assert [e.wave for e in evenings] == [1, 2, 3]
    assert all(e.dated.all() and e.dated.shape == (4, 4) for e in evenings)
    assert "age" not in evenings[0].signed_up["100"]


def test_nobody_is_shown_more_than_the_cap_by_the_planner(replayed):
    for (capacity, policy), found in replayed.found.items():
        if policy in replay.PLANNED:
            assert found["most shown a day"].max() <= capacity


def test_the_planner_repeats_nobody_and_wastes_no_request(replayed):
    for (_, policy), found in replayed.found.items():
        if policy in replay.PLANNED:
            assert found["views repeated"].max() == 0
            assert found["wasted requests"].max() == 0


def test_no_policy_finds_more_than_there_is(replayed, evenings):
    there = np.array([e.matches.sum() for e in evenings])
    for found in replayed.found.values():
        assert (found["matches"] <= there).all()


def test_the_same_seed_replays_the_same(evenings, replayed):
    again = replay.simulate(evenings, seeds=2, capacities=(1,), policies=("planner: batch only",))
    for measure, values in again.found[1, "planner: batch only"].items():
        assert (values == replayed.found[1, "planner: batch only"][measure]).all()


def test_every_line_of_the_replay_has_its_case_and_the_aims_are_judged(replayed, evenings):
    rows = list(replay.rows(replayed, evenings))
    assert {row.case for row in rows} == {"1 meeting a day each", "2 meetings a day each"}
    judged = {(row.method, row.measure) for row in rows if row.reached is not None}
    assert ("planner: batch only", "matches") in judged
    assert ("reciprocal lists", "matches") not in judged


def test_contacts_are_added_up_to_seconds_face_to_face(made_up):
    office, conference = read_office(made_up / "contacts"), read_conference(made_up / "contacts")
    assert office.contact_s.shape == (2, 6, 6)
    assert office.contact_s[0, 0, 1] == office.contact_s[0, 1, 0] == 300
    assert office.present.sum(axis=1).tolist() == [4, 3]
    assert conference.group == ("L1", "L2", "", "L1")
    assert len(conference.contact_s) == 2


@pytest.mark.parametrize("read", [read_office, read_conference])
def test_integration_runs_every_policy_within_its_budget(made_up, read):
    place, case = read(made_up / "contacts"), integration.Case(5, 1)
    found = integration.simulate(place, case, range(2))
    assert set(found) == set(integration.POLICIES)
    rows = list(integration.rows(place, case, found))
    assert any(row.method == integration.PRODUCT and row.versus is not None for row in rows)
    course = integration.Course(place, case, 1, integration.Weights()).run(integration.PRODUCT)
    assert 0 < course.exposure.sum() <= 2 * len(place.contact_s) * case.budget


def test_integration_never_introduces_two_who_have_a_tie(made_up):
    office = read_office(made_up / "contacts")
    for policy in integration.POLICIES:
        course = integration.Course(office, integration.Case(5, 3), 3, integration.Weights()).run(policy)
        for between, days in course.remembered.shown.items():
            assert course.remembered.met.get(between, len(office.contact_s)) >= days[-1]


@pytest.mark.parametrize("policy", ["none", *agents.LISTS, *agents.SETUPS])
def test_every_kind_of_matcher_lives_in_the_village(policy):
    life = agents.live(policy, Faults(), seed=1, days=3, people=24)
    found = agents.measures(life)
    assert 0 <= found["isolates"] <= 1
    if policy in agents.SETUPS and policy != "without a cap":
        assert found["most shown a day"] <= agents.SETUPS[policy].rules.cap


@pytest.mark.parametrize("fault", agents.FAULTS.values(), ids=agents.FAULTS)
def test_every_fault_can_be_lived_through(fault):
    life = agents.live(agents.FULL, fault, seed=2, days=2, people=24)
    if not fault.host:
        assert not life.met[-1].any()


def test_who_is_heads_down_is_shown_to_nobody():
    life = agents.live(agents.FULL, Faults(heads_down=1.0), seed=1, days=2, people=24)
    assert life.views == 0


def test_a_village_is_the_same_for_the_same_seed():
    one, other = settle(30, 5, Faults(), 3), settle(30, 5, Faults(), 3)
    assert one.household.members == other.household.members
    french = settle(30, 5, Faults(one_language=0.3), 3).languages[:, 0]
    assert french.sum() < one.languages[:, 0].sum()


# The command.


@pytest.mark.parametrize("part", SOURCES)
def test_a_missing_set_is_named_and_said_where_to_get(part, tmp_path):
    with pytest.raises(MissingData, match="Anyone can get it") as found:
        require(tmp_path, part)
    assert SOURCES[part].files[0] in str(found.value)
    with pytest.raises(MissingData, match=VARIABLE):
        require(None, part)


def test_without_data_the_command_says_so_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert command.main(["--only", "replay"]) == 1
    assert "no folder of data was given" in capsys.readouterr().err
    assert command.main(["--only", "integration", "--data", str(tmp_path)]) == 1
    assert f"not found in {tmp_path}: contacts/InVS13.dat" in capsys.readouterr().err


def test_the_folder_may_be_named_by_the_environment_and_the_page_is_written(
    made_up, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv(VARIABLE, str(made_up))
    page = tmp_path / "matching.md"
    assert command.main(["--only", "integration", "--quick", "--markdown", str(page)]) == 0
    said = page.read_text(encoding="utf-8")
    assert "Do not quote these figures" in said
    assert "matchmaker and planner" in said
    assert "<!--" not in said
    assert "ESCO classification of the European Commission" in said
    assert "| isolates |" in capsys.readouterr().out


def test_a_set_that_is_half_there_is_missing(made_up, tmp_path):
    half = tmp_path / "half"
    shutil.copytree(made_up, half)
    (half / "contacts" / "tij_WS16.dat").unlink()
    with pytest.raises(MissingData, match=r"contacts/tij_WS16\.dat"):
        require(half, "integration")
