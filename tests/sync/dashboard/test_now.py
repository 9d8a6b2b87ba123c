"""The page "Now", as hosts get it."""

from community.events import CheckedIn
from tests.sync.dashboard.house import MORNING, Browser


def test_who_is_in_is_named_with_the_time_of_their_arrival(house, host):
    elise = house.member("m1", "Élise", trade="film editor")
    house.happen(CheckedIn(elise), MORNING)
    page = host.get("/").text
    assert "Élise" in page
    assert "film editor" in page
    assert ">9:42</time>" in page


def test_who_hides_from_hosts_is_only_counted(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")), MORNING)
    house.happen(CheckedIn(house.member("m2", "Ombeline", hosts=False)), MORNING)
    page = host.get("/").text.partition("<datalist")[0]
    assert "and 1 other" in page
    assert "Ombeline" not in page
    assert host.get("/api/present").json == {"present": 2, "members": ["m1"]}


def test_without_a_login_there_is_only_the_way_to_it(house):
    stranger = Browser(house)
    assert stranger.get("/").headers["location"] == "/login"
    assert stranger.get("/api/present").status == 401
    assert stranger.get("/live").status == 401
    assert stranger.get("/health").json["ok"] is True
