"""Whatever a browser sends, every address answers it: a page, or a refusal, never a mistake of ours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.dashboard.house import Browser, House


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("house")) as house:
        Browser(house).set_up()
        yield house


PATHS = st.sampled_from(
    "/ /members /import /import/file /tokens /webhooks /quarantine /introductions /badges/link /language "
    "/login /welcome /logout /live /metrics /notices /me /me/receipt /me/photo /me/preview /me/notices "
    "/visits /taps /newcomers /newcomers/texts /me/welcome "
    "/me/everything.json /me/ABCDEF /ME/ABCDEF /api/present /static/x /%00 "
    "/..%2f..%2fetc/passwd".split()
)
NAMES = st.sampled_from(
    "form_token login password code again member badge change row do typed seen back language c0 file "
    "name ends url webhook message token members:read member.left address other channel "
    "id arrived left message subject body buddy".split()
)


@settings(max_examples=60, deadline=None)
@given(path=PATHS, form=st.dictionaries(NAMES, st.text(max_size=60), max_size=6), logged_in=st.booleans())
def test_no_form_breaks_a_page(house, path, form, logged_in):
    browser = Browser(house)
    if logged_in:
        if not hasattr(house, "a_host"):
            house.a_host = Browser(house)
            house.a_host.log_in()
        browser.cookies = dict(house.a_host.cookies)
        form = {**form, "form_token": browser.form_token("/members")}
        if path in {"/logout", "/live"}:
            path = "/members"
    elif path == "/login":
        form["form_token"] = "0" * 64
    answer = browser.post(path, form)
    assert answer.status < 500, (path, form)
    assert "Traceback" not in answer.text
