"""What must not pass, and what every answer carries."""

import http.client

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
@pytest.mark.parametrize("path", ["/logout", "/language", "/badges/link", "/members", "/login"])
def test_a_form_of_another_site_is_refused(house, host, path, headers):
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = host.post(path, {"form_token": host.form_token("/")}, **changed)
    assert answer.status == 403
    assert host.get("/").status == 200


def test_a_write_that_does_not_say_where_it_comes_from_is_refused(house, host):
    answer = host.ask("POST", "/logout", b"form_token=" + host.form_token("/").encode())
    assert answer.status == 403


@pytest.mark.parametrize("path", ["/logout", "/logout-everywhere", "/language", "/badges/link", "/members"])
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
    answer = host.post("/login", {"login": "x" * 70_000})
    assert answer.status == 413


REFUSED = {
    "This form came from another site": "Ce formulaire vient d’un autre site",
    "This form does not say where it comes from": "Ce formulaire ne dit pas d’où il vient",
    "This form is too large": "Ce formulaire est trop long",
    "This form is too old": "Ce formulaire a expiré",
    "There is nothing here": "Il n’y a rien ici",
    "This address only receives forms": "Cette adresse ne reçoit que des formulaires",
    "This form cannot be read": "Ce formulaire est illisible",
}


def refused(browser):
    """What a browser is told when it may not, in the order of `REFUSED`."""
    form = {"content_type": "multipart/form-data"}
    return [
        browser.post("/login", {}, sec_fetch_site="cross-site").text,
        browser.ask("POST", "/login", b"").text,
        browser.post("/login", {"login": "x" * 70_000}).text,
        browser.post("/login", {}).text,
        browser.get("/nothing").text,
        browser.get("/badges/link").text,
        browser.post("/login", {}, **form).text,
    ]


def test_every_refusal_is_said_in_the_language_of_the_browser(house):
    for language, sentences in (("en", REFUSED.keys()), ("fr-FR,fr;q=0.9", REFUSED.values())):
        for answer, sentence in zip(refused(Browser(house, language=language)), sentences, strict=True):
            assert sentence in answer


def test_without_a_login_a_machine_is_told_so_in_its_language(house):
    for language, sentence in (("en", "Log in first."), ("fr", "Connectez-vous d’abord.")):
        stranger = Browser(house, language=language)
        assert stranger.get("/live").text == sentence
        assert stranger.get("/api/present").json == {"error": sentence}


def test_a_refusal_is_said_in_the_language_the_host_chose(house, host):
    host.post("/language", {"form_token": host.form_token("/"), "language": "fr"})
    for answer, sentence in zip(refused(host), REFUSED.values(), strict=True):
        assert sentence in answer
        assert 'lang="fr"' in answer


def test_a_refusal_of_a_part_of_a_page_is_words_and_no_page(house, host):
    answer = host.post("/badges/link", {}, hx_request="true")
    assert answer.status == 403
    assert "This form is too old" in answer.text
    assert "<html" not in answer.text


def test_a_form_that_does_not_say_how_long_it_is_is_refused(house, host):
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    line.request("POST", "/login", iter([b"login=x"]), {"origin": host.origin}, encode_chunked=True)
    response = line.getresponse()
    assert response.status == 411
    assert "does not say how long" in response.read().decode()
    line.close()


def test_a_mistake_of_ours_is_said_kindly_and_carries_the_security_headers(house, host, monkeypatch):
    monkeypatch.setattr(house.presence, "present", None)
    answer = host.get("/")
    assert answer.status == 500
    assert "Something went wrong in the hub" in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


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


@pytest.mark.parametrize(
    "path", ["/", "/api/present", "/live", "/language", "/badges/link", "/members", "/logout"]
)
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
