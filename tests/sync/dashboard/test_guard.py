"""What must not pass, and what every answer carries."""

import pytest

from tests.sync.dashboard.house import Browser, House


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/logout", "/language", "/badges/link", "/login"])
def test_a_form_of_another_site_is_refused(house, host, path, headers):
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = host.post(path, {"form_token": host.form_token("/")}, **changed)
    assert answer.status == 403
    assert host.get("/").status == 200


def test_a_write_that_does_not_say_where_it_comes_from_is_refused(house, host):
    answer = host.ask("POST", "/logout", b"form_token=" + host.form_token("/").encode())
    assert answer.status == 403


@pytest.mark.parametrize("path", ["/logout", "/logout-everywhere", "/language", "/badges/link"])
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_our_token_is_refused(house, host, path, token):
    answer = host.post(path, {"form_token": token, "language": "fr"})
    assert answer.status == 403
    assert 'lang="en"' in host.get("/").text


def test_the_token_of_another_login_is_not_ours(house, host):
    other = Browser(house)
    other.log_in()
    assert host.post("/logout", {"form_token": other.form_token("/")}).status == 403


def test_too_large_a_form_is_refused(house, host):
    answer = host.post("/login", {"login": "x" * 20_000})
    assert answer.status == 413


@pytest.mark.parametrize("path", ["/", "/login", "/health", "/nothing", "/static/foyer.css"])
def test_every_answer_carries_the_security_headers(house, host, path):
    headers = host.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_are_never_kept_by_the_browser_and_files_are(house, host):
    page = host.get("/")
    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in host.get("/static/foyer.css").headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/api/present", "/live", "/language", "/badges/link", "/logout"])
def test_nothing_about_anybody_is_said_without_a_login(house, host, path):
    house.member("m1", "Élise")
    stranger = Browser(house)
    for answer in (stranger.get(path), stranger.post(path, {})):
        assert answer.status in {303, 401, 403, 405}
        assert "Élise" not in answer.text


def test_the_demo_token_reads_and_never_writes(tmp_path):
    with House(tmp_path, demo="a long random demo token") as house:
        demo = Browser(house)
        demo.headers["authorization"] = "Bearer a long random demo token"
        assert demo.get("/api/present").json == {"present": 0, "members": []}
        assert demo.post("/language", {"language": "fr"}).status == 303
        assert demo.post("/badges/link", {}).headers["location"] == "/login"
        demo.headers["authorization"] = "Bearer another"
        assert demo.get("/api/present").status == 401


def test_without_a_demo_token_no_bearer_is_let_in(house):
    stranger = Browser(house)
    for sent in ("Bearer ", "Bearer None", "Bearer"):
        stranger.headers["authorization"] = sent
        assert stranger.get("/api/present").status == 401
