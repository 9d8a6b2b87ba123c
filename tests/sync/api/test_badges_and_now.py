"""Badges through the API, who is in, and today's introductions."""

import msgspec

from community.events import CheckedIn, MoodChosen
from community.ids import MemberId
from community.introductions.pairing import DayPlan, Pairing
from community.introductions.slots import Slot
from community.members import Mood, Visibility
from sync.store import directory, introductions
from sync.store.deeds import Deed
from tests.sync.api.test_tokens import kept
from tests.sync.dashboard.house import BADGE_KEY

UID = "04:A1:B2:C3:D4:E5:F6"
BADGE = BADGE_KEY.hash(bytes.fromhex("04a1b2c3d4e5f6"))
OPEN = Visibility(lobby=False, members=True, hosts=True)


def seen(house, member_id, name, visibility=OPEN, **facts):
    house.member(member_id, name, **facts)
    found = house.database.read_now(lambda c: directory.member_of(c, member_id))
    found = msgspec.structs.replace(found, visibility=visibility)
    house.database.write_now(lambda c: directory.put_member(c, found))
    return MemberId(member_id)


def test_a_badge_is_linked_revoked_and_taken_away_and_its_number_never_comes_out(house, program):
    house.member("ada", "Ada")
    answer = program.ask("POST", "/members/ada/badges", {"uid": UID})
    assert answer.status == 201, answer.text
    assert (answer.json["badge"], answer.json["status"]) == (BADGE, "active")
    place = answer.headers["location"].removeprefix("/api/v1")
    assert program.ask("PATCH", place, {"status": "revoked"}).json["status"] == "revoked"
    again = program.ask("POST", "/members/ada/badges", {"uid": UID})
    assert (again.status, again.json["status"]) == (201, "revoked")  # linking lets nothing work again
    every = program.get("/members/ada/badges")
    assert [each["badge"] for each in every.json["badges"]] == [BADGE]
    assert "a1b2c3" not in (answer.text + every.text).lower().replace(":", "")
    assert program.ask("DELETE", place).status == 204
    assert program.ask("DELETE", place).status == 404
    assert [deed for deed, host, _ in kept(house) if host == "api:Zapier"] == [
        Deed.BADGE_LINKED,
        Deed.BADGE_REVOKED,
        Deed.BADGE_LINKED,
        Deed.BADGE_UNLINKED,
    ]


def test_a_badge_belongs_to_one_member(house, program):
    house.member("ada", "Ada")
    house.member("bob", "Bob")
    program.ask("POST", "/members/ada/badges", {"uid": UID})
    assert program.ask("POST", "/members/bob/badges", {"uid": UID}).status == 409
    assert program.ask("PATCH", f"/members/bob/badges/{BADGE}", {"status": "lost"}).status == 404
    assert program.ask("POST", "/members/nobody/badges", {"uid": UID}).status == 404
    answer = program.ask("POST", "/members/bob/badges", {"uid": "08ABCDEF"})
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "#/uid"
    assert "08ABCDEF" not in answer.text


def test_who_is_in_is_named_only_if_members_may_see_them(house, program):
    people = [
        seen(house, "zoe", "Zoé"),
        seen(house, "ada", "ada"),
        seen(house, "kim", "Kim", Visibility(hosts=True)),
        seen(house, "lou", "Lou", Visibility(members=True, hosts=False)),
        seen(house, "max", "Max"),
    ]
    for person in people:
        house.happen(CheckedIn(person))
    house.happen(MoodChosen(MemberId("max"), Mood.HEADS_DOWN))
    assert program.get("/presence").json == {
        "present": 5,
        "members": [{"id": "ada", "name": "ada"}, {"id": "zoe", "name": "Zoé"}],
        "others": 3,
    }


def test_introductions_of_today_are_pairs_of_ids(house, program):
    for member_id in ("ada", "bob"):
        seen(house, member_id, member_id, introductions=True)
    seen(house, "kim", "Kim", Visibility(members=True, hosts=False), introductions=True)
    day = house.clock.at().date()
    plan = DayPlan(
        day,
        (
            Pairing(MemberId("ada"), MemberId("bob"), Slot.PARTNER, seeks=MemberId("ada")),
            Pairing(MemberId("ada"), MemberId("kim"), Slot.NEIGHBOUR),
        ),
    )
    house.database.write_now(lambda c: introductions.put_plan(c, plan))
    assert program.get("/introductions").json == {
        "day": day.isoformat(),
        "introductions": [{"members": ["ada", "bob"], "slot": "partner", "origin": "tap"}],
        "others": 1,
    }


def test_no_introduction_is_told_of_who_is_heads_down_does_not_want_one_or_avoids_the_other(house, program):
    people = {one: seen(house, one, one, introductions=True) for one in ("ada", "bob", "eve", "max")}
    seen(house, "lou", "Lou")
    eve = house.database.read_now(lambda c: directory.member_of(c, people["eve"]))
    plan = DayPlan(
        house.clock.at().date(),
        tuple(
            Pairing(MemberId(first), MemberId(second), Slot.NEIGHBOUR)
            for first, second in (("ada", "bob"), ("ada", "eve"), ("ada", "max"), ("bob", "lou"))
        ),
    )
    for member_id in people:
        house.happen(CheckedIn(MemberId(member_id)))
    house.happen(MoodChosen(MemberId("max"), Mood.HEADS_DOWN))
    changed = msgspec.structs.replace(eve, avoid=(MemberId("ada"),))
    house.database.write_now(lambda c: introductions.put_plan(c, plan))
    house.database.write_now(lambda c: directory.put_member(c, changed))
    answer = program.get("/introductions").json
    assert [each["members"] for each in answer["introductions"]] == [["ada", "bob"]]
