"""A program that holds a token, and how a host makes one for it."""

import json
import re

from sync.api.scopes import Scope
from tests.sync.dashboard.house import Answer, Browser, House

ALL = tuple(Scope)


def make_token(host: Browser, *scopes: Scope, name: str = "Zapier", ends: str = "2027-01-31") -> str:
    """Make a token on the page, as an administrator does, and return what is shown."""
    form = {"form_token": host.form_token("/tokens"), "do": "make", "name": name, "ends": ends}
    answer = host.post("/tokens", {**form, **{scope.value: "yes" for scope in scopes}})
    assert answer.status == 200, answer.text
    found = re.search(r'<code class="token">(foyer_[\w-]{43})</code>', answer.text)
    assert found, answer.text
    return found[1]


class Program:
    """An HTTP client with a token, and without a browser's manners: no cookie, no origin."""

    def __init__(self, house: House, token: str, language: str = "en") -> None:
        self._browser = Browser(house, language=language)
        self._token = token

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask `/api/v1` for something."""
        sent = {"authorization": f"Bearer {self._token}"} if self._token else {}
        raw = None
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["content-type"] = "application/json"
        return self._browser.ask(method, f"/api/v1{path}", raw, **{**sent, **headers})

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)
