"""Members through the API: read in pages, taken in, changed without overwriting anybody, erased."""

import json
import threading
from datetime import date

import pytest

from community.ids import MemberId
from community.members import Comfort, Intent, Visibility
from sync.api.scopes import Scope
from sync.store import deeds, directory, visitors
from sync.store.deeds import Deed
from sync.store.visitors import Visiting
from tests.sync.api.programs import Program, make_token
from tests.sync.api.test_tokens import kept

NEW = {
    "id": "ada",
    "name": "Ada",
    "languages": ["en", "fr"],
    "trade": "engines",
    "needs": [{"text": "a lawyer", "until": "2026-12-01"}, {"text": "tea"}],
    "offers": ["sums"],
    "intents": ["advise"],
    "visibility": {"lobby": True, "members": True},
    "introductions": True,
    "comfort": {"stays_s": 45},
    "joined": "2026-11-01",
}


def member(house, member_id):
    return house.database.read_now(lambda c: directory.member_of(c, member_id))


def test_somebody_is_taken_in_and_read_as_they_were_sent(house, program):
    answer = program.ask("POST", "/members", NEW)
    assert answer.status == 201, answer.text
    assert answer.headers["location"] == "/api/v1/members/ada"
    ada = member(house, "ada")
    assert ada.visibility == Visibility(lobby=True, members=True, hosts=True)
    assert (ada.needs, ada.needs_until) == (("a lawyer", "tea"), (date(2026, 12, 1), None))
    assert (ada.intents, ada.comfort) == ((Intent.ADVISE,), Comfort(stays_s=45))
    read = program.get("/members/ada")
    assert read.json == answer.json
    assert {key: read.json[key] for key in ("name", "offers", "joined")} == {
        "name": "Ada",
        "offers": ["sums"],
        "joined": "2026-11-01",
    }
    assert kept(house)[-1] == (Deed.MEMBER_ADDED, "api:Zapier", "ada")


def test_sending_it_again_takes_nobody_in_twice(program):
    assert program.ask("POST", "/members", NEW).status == 201
    assert program.ask("POST", "/members", {**NEW, "name": "Eve"}).status == 409


def test_a_change_leaves_the_rest_as_it_was(house, program):
    etag = program.ask("POST", "/members", NEW).headers["etag"]
    answer = program.ask(
        "PATCH", "/members/ada", {"trade": "poetry", "comfort": {"spoken": True}}, if_match=etag
    )
    assert answer.status == 200, answer.text
    ada = member(house, "ada")
    assert (ada.trade, ada.name, ada.offers) == ("poetry", "Ada", ("sums",))
    assert ada.comfort == Comfort(spoken=True, stays_s=45)
    assert answer.headers["etag"] != etag
    assert kept(house)[-1] == (Deed.MEMBER_CHANGED, "api:Zapier", "ada")


def test_what_changes_nothing_is_no_deed(house, program):
    program.ask("POST", "/members", NEW)
    place = program.ask("POST", "/members/ada/badges", {"uid": "04A1B2C3D4E5F6"}).headers["location"]
    before = kept(house)
    assert program.ask("PATCH", "/members/ada", {"name": NEW["name"]}, if_match="*").status == 200
    assert program.ask("PATCH", place.removeprefix("/api/v1"), {"status": "active"}).status == 200
    assert kept(house) == before


@pytest.mark.parametrize("sent", [{"trade": "poetry"}, {"name": NEW["name"]}])
def test_whoever_visits_is_taken_in_by_a_change_even_of_nothing(house, program, sent):
    program.ask("POST", "/members", NEW)
    visiting = Visiting(MemberId("ada"), "s" * 24, "Le Nook", "v" * 16, 1, date(2026, 11, 1))
    house.database.write_now(lambda c: visitors.put(c, visiting))
    assert program.ask("PATCH", "/members/ada", sent, if_match="*").status == 200
    assert house.database.read_now(lambda c: visitors.of(c, MemberId("ada"))) is None
    assert kept(house)[-1] == (Deed.MEMBER_CHANGED, "api:Zapier", "ada")


def test_of_two_writers_the_second_is_told_and_overwrites_nothing(house, program):
    etag = program.ask("POST", "/members", NEW).headers["etag"]
    statuses = []
    start = threading.Barrier(2)

    def change(trade):
        start.wait(20)
        statuses.append(program.ask("PATCH", "/members/ada", {"trade": trade}, if_match=etag).status)

    threads = [threading.Thread(target=change, args=(trade,)) for trade in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(statuses) == [200, 412]
    assert member(house, "ada").trade in {"one", "other"}


def test_a_host_s_change_counts_as_well(house, program):
    etag = program.ask("POST", "/members", NEW).headers["etag"]
    house.database.write_now(lambda c: directory.set_comfort(c, "ada", Comfort(large_text=True)))
    answer = program.ask("PATCH", "/members/ada", {"trade": "x"}, if_match=etag)
    assert answer.status == 412
    assert answer.json["type"] == "urn:foyer:problem:moved"
    assert "new ETag" in answer.json["detail"]


def test_nothing_is_changed_blindly(program):
    program.ask("POST", "/members", NEW)
    assert program.ask("PATCH", "/members/ada", {"trade": "x"}).status == 428
    assert program.ask("DELETE", "/members/ada").status == 428
    assert program.ask("PATCH", "/members/ada", {"trade": "x"}, if_match="*").status == 200


def test_who_is_erased_is_gone_and_comes_back_only_if_that_is_said(house, program):
    program.ask("POST", "/members", NEW)
    assert program.ask("DELETE", "/members/ada", if_match='"other"').status == 412
    assert program.ask("DELETE", "/members/ada", if_match="*").status == 204
    assert member(house, "ada") is None
    assert kept(house)[-1] == (Deed.MEMBER_ERASED, "api:Zapier", "ada")
    assert program.get("/members/ada").status == 404
    again = program.ask("POST", "/members", NEW)
    assert again.status == 409
    assert again.json["type"] == "urn:foyer:problem:erased"
    assert program.ask("POST", "/members?bring_back=true", NEW).status == 201


def test_the_list_goes_on_from_page_to_page_whoever_comes_meanwhile(house, program):
    for number in range(7):
        house.member(f"m{number}", f"Member {number}")
    found, path = [], "/members?limit=3"
    while path:
        page = program.get(path).json
        found += [each["id"] for each in page["members"]]
        path = page["next"] and page["next"].removeprefix("/api/v1")
        house.member(f"a{len(found)}", "Earlier")  # before where the list stands
    assert found == [f"m{number}" for number in range(7)]


def test_a_question_that_cannot_be_understood_is_refused(program):
    for query in ("limit=0", "limit=201", "limit=x", "after=!", "after=", "after=YQ=="):
        assert program.get(f"/members?{query}").status == 400, query
    assert program.ask("POST", "/members?bring_back=perhaps", NEW).status == 400


def test_what_was_not_changed_is_not_sent_again(program):
    etag = program.ask("POST", "/members", NEW).headers["etag"]
    assert program.get("/members/ada", if_none_match=etag).status == 304


def test_what_is_private_is_in_no_answer(house, program):
    house.member("eve", "Eve", avoid=("bob",), avoid_topics=("crypto",), offers=("maps",))
    house.member("kim", "Kim", hosts=False, offers=("secrets",), needs=("quiet",))
    said = program.get("/members").text
    assert "avoid" not in said
    assert "crypto" not in said
    assert "maps" in said
    kim = program.get("/members/kim").json
    assert kim["name"] == "Kim"
    assert not {"offers", "needs", "place", "interests", "ask_about", "intents", "comfort"} & set(kim)


def test_no_program_lets_more_people_see_a_member_than_they_chose(house, program):
    house.member("eve", "Eve")
    for wish, pointer in (
        ({"visibility": {"lobby": True}}, "#/visibility/lobby"),
        ({"visibility": {"members": True}}, "#/visibility/members"),
        ({"introductions": True}, "#/introductions"),
    ):
        answer = program.ask("PATCH", "/members/eve", wish, if_match="*")
        assert answer.status == 422
        assert [each["pointer"] for each in answer.json["errors"]] == [pointer]
    assert member(house, "eve").visibility == Visibility()
    assert program.ask("PATCH", "/members/eve", {"visibility": {"hosts": False}}, if_match="*").status == 200


WRONG = [
    ({"name": ""}, "#/name"),
    ({"name": "x" * 61}, "#/name"),
    ({"name": " \u202ereversed"}, "#/name"),
    ({"name": "a\u0000b"}, "#/name"),
    ({"name": None}, "#/name"),
    ({"trade": "x" * 121}, "#/trade"),
    ({"offers": ["ok", 5]}, "#/offers/1"),
    ({"offers": ["x"] * 31}, "#/offers"),
    ({"offers": ["a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p", "q;r;s;t;u;v;w;x;y;z;1;2;3;4;5"]}, "#/offers"),
    ({"needs": [{"text": "x", "until": "tomorrow"}]}, "#/needs/0/until"),
    ({"needs": [{"text": "x", "why": 1}]}, "#/needs/0"),
    ({"languages": []}, "#/languages"),
    ({"languages": ["french"]}, "#/languages/0"),
    ({"intents": ["money"]}, "#/intents/0"),
    ({"comfort": {"stays_s": 5}}, "#/comfort/stays_s"),
    ({"host": True}, "#"),
    ({"avoid": ["bob"]}, "#"),
    ([], "#"),
]


def test_what_cannot_be_taken_is_named_and_nothing_of_it_is_done(house, program):
    house.member("eve", "Eve")
    before = member(house, "eve")
    for wish, pointer in WRONG:
        answer = program.ask("PATCH", "/members/eve", wish, if_match="*")
        assert answer.status == 422, wish
        assert [each["pointer"] for each in answer.json["errors"]] == [pointer]
        assert member(house, "eve") == before


def test_scripts_in_every_field_are_only_text(house, program, host):
    script = "<script>alert(1)</script>"
    wish = {**NEW, "name": script, "trade": script, "offers": [script], "needs": [{"text": script}]}
    assert program.ask("POST", "/members", wish).json["name"] == script
    assert script not in host.get("/members").text


def test_what_is_no_json_is_said_to_be_none(house, program):
    house.member("eve", "Eve")
    for body, headers, status in (
        (b"{", {}, 400),
        (b'"\\ud800"', {}, 400),
        (b"\xff", {}, 400),
        (b"{}", {"content_type": "text/plain"}, 415),
        (b'{"name":"' + b"x" * 70_000 + b'"}', {}, 413),
    ):
        answer = program.ask("PATCH", "/members/eve", body, if_match="*", **headers)
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_wrong_is_said_in_the_language_asked_for(house, host):
    token = make_token(host, Scope.MEMBERS_READ)
    titles = {"en": "There is nothing here.", "fr": "Il n’y a rien ici.", "es": "Aquí no hay nada."}
    for language, title in titles.items():
        answer = Program(house, token, language).get("/members/nobody")
        assert answer.headers["content-language"] == language
        assert answer.json["title"] == title


def test_no_name_stands_in_an_error_or_in_the_record(house, program):
    program.ask("POST", "/members", {**NEW, "name": "Ada Lovelace"})
    answers = [
        program.ask("POST", "/members", {**NEW, "name": "Ada Lovelace"}),
        program.ask("PATCH", "/members/ada", {"name": "Ada Lovelace", "trade": "x" * 500}, if_match="*"),
        program.ask("PATCH", "/members/ada", {"Ada Lovelace": 1}, if_match="*"),
    ]
    done = house.database.read_now(lambda c: deeds.latest(c, 99))
    assert "Lovelace" not in json.dumps([answer.text for answer in answers]) + str(done)


def test_an_address_or_a_method_that_is_not_there_is_a_problem_too(program):
    assert program.get("/nothing").json["type"] == "urn:foyer:problem:not-found"
    answer = program.ask("PUT", "/members", {})
    assert (answer.status, answer.json["type"]) == (405, "urn:foyer:problem:method")
