"""docs/openapi.yaml says what the hub answers: each address is asked what it should be, and what not.

The two applications themselves, over a real database; only the sockets are left out.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from plumbing.signing import SigningKey
from sync.bootstrap import MIGRATIONS
from sync.enrolment import create_enrolment
from sync.gate import Gate
from sync.publishing import Publishing, SpaceApiSettings
from tests.fakes.brokers import GeneratedMosquitto
from tests.sync.dashboard.house import METRICS_TOKEN, SPACE_ID, Browser, House
from tests.sync.samples import DOOR
from tests.sync.trusted import HOST, settings_of

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "docs/openapi.yaml").read_text())
PATHS = DOCUMENT["paths"]
FOR_KIOSKS = [path for path, item in PATHS.items() if "servers" in item]
FOR_PROGRAMS = [path for path in PATHS if path.startswith("/api/v1/")]
"""Asked by `test_api_fuzz.py`."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
LIKELY = {
    "name": st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=2, max_size=2),
    "secret": st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8),
    "public_key": st.text("0123456789abcdef", min_size=64, max_size=64),
    "kiosk": st.sampled_from(["front-door", "x", ""]),
    "credential": st.integers(0, 2**63 - 1),
    "signature": st.text("0123456789abcdef", min_size=128, max_size=128),
}


def said_of(path: str, method: str, status: int) -> dict[str, Any]:
    """What the document says of an answer; there must be something."""
    answers = PATHS[path][method]["responses"]
    assert str(status) in answers, f"{method} {path} answered {status}, of which nothing is said"
    return dict(answers[str(status)])


def check(path: str, method: str, status: int, body: bytes) -> None:
    """Hold an answer against the document."""
    for kind, content in said_of(path, method, status).get("content", {}).items():
        if kind == "application/json":
            schema = {**content["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(schema).validate(json.loads(body))


def ask(app: Starlette, method: str, path: str, body: bytes, length: str | None = None) -> tuple[int, bytes]:
    """Ask an application without a socket."""
    said: list[dict[str, Any]] = []
    headers = [(b"content-length", (length if length is not None else str(len(body))).encode())]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
        "server": ("hub", 8443),
        "scheme": "https",
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(app(scope, receive, send))
    return said[0]["status"], b"".join(part.get("body", b"") for part in said[1:])


class Doorstep:
    """The application that lets kiosks in."""

    def __init__(self, folder: Path) -> None:
        settings = settings_of(folder, GeneratedMosquitto(folder), pid_file="")
        self.database = Database(open_engine(settings.database))
        upgrade(self.database, MIGRATIONS)
        self.gate = Gate(settings, self.database, Clock(), lambda _topic, _payload: True)

    def app(self) -> Starlette:
        """A new one, which has been asked nothing yet: it counts wrong tries."""
        return create_enrolment(self.gate, Clock())


@pytest.fixture(scope="module")
def doorstep(tmp_path_factory: pytest.TempPathFactory):
    made = Doorstep(tmp_path_factory.mktemp("doorstep"))
    yield made
    made.database.close()


def test_every_address_for_kiosks_is_in_the_document(doorstep: Doorstep):
    routes = {route.path for route in doorstep.app().routes if isinstance(route, Route)}
    assert routes == set(FOR_KIOSKS)


def test_every_schema_is_one():
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_kiosk_that_is_let_in_gets_what_the_document_says(doorstep: Doorstep):
    key = SigningKey.make()
    code = asyncio.run(doorstep.gate.make_code(DOOR, HOST))
    asked = json.dumps({"name": code.name, "secret": code.secret, "public_key": key.public}).encode()
    for body, status in ((asked, 200), (asked, 403)):
        got, answer = ask(doorstep.app(), "POST", "/enrol", body)
        assert got == status
        check("/enrol", "post", got, answer)
    got, answer = ask(doorstep.app(), "GET", "/authority", b"")
    assert got == 200
    check("/authority", "get", got, answer)


def test_whoever_guesses_codes_is_told_to_wait_as_the_document_says(doorstep: Doorstep):
    app = doorstep.app()
    wrong = json.dumps({"name": "ZZ", "secret": "Z" * 8, "public_key": SigningKey.make().public}).encode()
    answers = [ask(app, "POST", "/enrol", wrong) for _ in range(40)]
    for status, body in answers:
        check("/enrol", "post", status, body)
    assert {status for status, _ in answers} == {403, 429}


@pytest.mark.fuzz
@pytest.mark.parametrize("path", [path for path in FOR_KIOSKS if "post" in PATHS[path]])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_the_answer_is_one_the_document_knows(doorstep: Doorstep, path: str, data):
    name = PATHS[path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    fields = DOCUMENT["components"]["schemas"][name]["properties"]
    message = {
        field: data.draw(LIKELY.get(field, VALUES) | VALUES) for field in fields if data.draw(st.booleans())
    }
    whole = json.dumps(message).encode()
    body = data.draw(st.just(whole) | st.binary(max_size=200) | st.just(whole[: len(whole) // 2]))
    length = data.draw(st.none() | st.sampled_from(["", "x", "-1", "99999999999", "0"]))
    status, answer = ask(doorstep.app(), "POST", path, body, length)
    check(path, "post", status, answer)


@pytest.mark.parametrize("path", [path for path in PATHS if path not in {*FOR_KIOSKS, *FOR_PROGRAMS}])
def test_the_dashboard_answers_machines_as_the_document_says(tmp_path: Path, path: str):
    with House(tmp_path) as house:
        host = Browser(house)
        host.set_up()
        for browser, headers in (
            (host, {}),
            (Browser(house), {}),
            (Browser(house), {"authorization": f"Bearer {METRICS_TOKEN}"}),
            (Browser(house), {"authorization": "Bearer \u00ff", "x_forwarded_for": "192.0.2.7"}),
        ):
            answer = browser.get(path, **headers)
            check(path, "get", answer.status, answer.text.encode())


@pytest.mark.parametrize("path", ["/spaceapi.json", "/agenda.ics"])
def test_what_is_published_is_as_the_document_says(tmp_path: Path, path: str):
    spaceapi = SpaceApiSettings(
        publish=True, url="https://a.example", logo="https://a.example/l.svg", phone="+33"
    )
    with House(tmp_path, publishing=Publishing(SPACE_ID, spaceapi, agenda=True)) as house:
        answer = Browser(house).get(path)
    assert answer.status == 200
    check(path, "get", answer.status, answer.text.encode())
