"""Whatever programs ask the API, a real hub answers as docs/openapi.yaml says.

Schemathesis makes up what is sent, good and bad, from the document alone.  Here a few of each with a fixed
seed; `make api-fuzz` asks for as many as FOYER_API_EXAMPLES says, other ones each time.
"""

import os
from datetime import UTC, timedelta
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from community.clock import Hours
from plumbing.clock import Clock
from plumbing.database import Database
from sync.api.app import create_api
from sync.api.members import PREFIX
from sync.api.scopes import Scope
from sync.presence import Presence
from sync.store.directory import Directory
from tests.contract.test_openapi import DOCUMENT, FOR_PROGRAMS
from tests.sync.api.programs import make_token
from tests.sync.dashboard.house import BADGE_KEY, Browser, House

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = int(os.environ.get("FOYER_API_EXAMPLES", "8"))
LONG = "FOYER_API_EXAMPLES" in os.environ


def without_tokens(item: dict[str, Any]) -> dict[str, Any]:
    """What is said of an address, but for who may ask: every request here has a good token."""
    return {
        method: {key: value for key, value in said.items() if key != "security"}
        if isinstance(said, dict)
        else said
        for method, said in item.items()
    }


SCHEMA = schemathesis.openapi.from_dict(
    {**DOCUMENT, "paths": {path: without_tokens(DOCUMENT["paths"][path]) for path in FOR_PROGRAMS}}
)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("fuzz")) as house:
        yield house


@pytest.fixture(scope="module")
def token(house):
    host = Browser(house)
    host.set_up()
    return make_token(host, *Scope)


def test_every_address_of_the_api_is_in_the_document_with_its_methods():
    told = {
        (path, method.upper())
        for path in FOR_PROGRAMS
        for method in DOCUMENT["paths"][path]
        if method != "parameters"
    }
    api = create_api(
        database=cast("Database", None),
        clock=Clock(),
        presence=Presence(Hours(UTC)),
        directory=cast("Directory", None),
        key=BADGE_KEY,
        parse_uid=bytes.fromhex,
        speak=lambda _accept: ("en", str),
    )
    there = {
        (f"{PREFIX}{route.path}", method)
        for route in api.routes
        if isinstance(route, Route)
        for method in route.methods or ()
    }
    assert told == {(path, method) for path, method in there if method != "HEAD"}


@pytest.mark.fuzz
@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_asked_is_answered_as_the_document_says(house, token, label):
    operation = OPERATIONS[label]
    good = operation.as_strategy()
    bad = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    house.member("ada", "Ada")

    @settings(
        max_examples=EXAMPLES,
        derandomize=not LONG,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data):
        case = data.draw(st.one_of(good, bad))
        if "member" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["member"] = "ada"
        house.clock.move(timedelta(seconds=1))  # so that nobody has to wait
        case.call_and_validate(
            base_url=f"http://127.0.0.1:{house.port}",
            headers={"authorization": f"Bearer {token}"},
            checks=CHECKS,
        )

    ask()
