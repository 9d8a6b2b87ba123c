"""Fetching a calendar: what comes, and why nothing came; never a file, never without end."""

import os
import socket
import ssl
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sync.agenda import fetch as fetching
from sync.agenda.asked import Asked, Trouble
from sync.agenda.fetch import LARGEST_BYTES, Fetched, FetchError, fetch
from tests.fakes.brokers import free_port
from tests.fakes.calendars import CALENDAR, CalendarServer, serving

DAY = date(2026, 11, 22)


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with serving() as running:
        yield running


def asked(address: str, etag: str = "", modified: str = "") -> Asked:
    return Asked(address, "Europe/Paris", DAY, etag=etag, modified=modified)


def trouble(address: str) -> tuple[Trouble, str]:
    with pytest.raises(FetchError) as caught:
        fetch(asked(address))
    return caught.value.trouble, caught.value.detail


def test_a_calendar_comes_with_what_says_whether_it_changed(server: CalendarServer):
    came = fetch(asked(server.at("ok")))
    assert came == Fetched(CALENDAR, '"v1"', "Sun, 22 Nov 2026 08:00:00 GMT")
    again = fetch(asked(server.at("ok"), came.etag, came.modified))
    assert again == Fetched(None, came.etag, came.modified)
    headers = server.asked[-1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == (came.etag, came.modified)
    assert headers["user-agent"].startswith("Foyer/")


def test_a_redirect_to_the_same_place_is_followed(server: CalendarServer):
    assert fetch(asked(server.at("moved"))).content == CALENDAR


@pytest.mark.parametrize("path", ["file", "outside", "loop"])
def test_a_redirect_leads_to_no_file_to_nothing_unencrypted_and_not_on_for_ever(
    server: CalendarServer, path: str
):
    assert trouble(server.at(path)) == (Trouble.ELSEWHERE, "")


def test_what_a_server_refuses_is_said_with_its_number(server: CalendarServer):
    assert trouble(server.at("missing")) == (Trouble.STATUS, "404")
    assert trouble(server.at("nowhere")) == (Trouble.STATUS, "302")


def test_what_is_too_large_is_not_taken_in(server: CalendarServer, tmp_path: Path):
    assert trouble(server.at("large")) == (Trouble.TOO_LARGE, "")
    file = tmp_path / "large.ics"
    file.write_bytes(b"x" * (LARGEST_BYTES + 1))
    assert trouble(str(file)) == (Trouble.TOO_LARGE, "")


def test_a_server_that_is_silent_or_drips_is_not_waited_for(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "ANSWER_S", 0.3)
    monkeypatch.setattr(fetching, "WHOLE_S", 0.3)
    assert trouble(server.at("slow")) == (Trouble.SLOW, "")
    assert trouble(server.at("drip")) == (Trouble.SLOW, "")


def test_what_breaks_off_is_no_answer(server: CalendarServer):
    assert trouble(server.at("nonsense")) == (Trouble.UNREACHABLE, "")
    assert fetch(asked(server.at("cut"))).content == CALENDAR[:100], "seen to be no whole calendar later"


def test_nothing_there_and_nobody_of_that_name():
    assert trouble(f"http://127.0.0.1:{free_port()}/ok") == (Trouble.UNREACHABLE, "")
    assert fetching._why(socket.gaierror(-2, "Name or service not known")) is Trouble.NO_SUCH_HOST


def test_a_line_that_cannot_be_encrypted_is_not_used(server: CalendarServer):
    assert trouble(server.at("ok", "https")) == (Trouble.TLS, "")
    assert trouble(server.at("ok", "webcal")) == (Trouble.TLS, "")
    assert trouble("http://calendar.example.org/feed.ics") == (Trouble.ELSEWHERE, "")
    assert server.asked == []


def test_a_certificate_of_nobody_we_know_is_not_believed(own_certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    with serving(context) as server:
        assert trouble(server.at("ok", "https")) == (Trouble.TLS, "")
        assert server.asked == []


def test_a_header_that_is_no_header_is_not_sent_back(server: CalendarServer):
    assert fetch(asked(server.at("odd"))).etag == ""


def test_a_file_is_read(tmp_path: Path):
    file = tmp_path / "calendar.ics"
    assert trouble(str(file)) == (Trouble.NO_FILE, "")
    assert trouble(str(tmp_path)) == (Trouble.NO_FILE, "")
    file.write_bytes(CALENDAR)
    assert fetch(asked(str(file))) == Fetched(CALENDAR)
    assert trouble(str(file / "under")) == (Trouble.NO_FILE, "")
    assert trouble("/dev/zero") == (Trouble.NO_FILE, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_is_said_to_be_closed(tmp_path: Path):
    file = tmp_path / "calendar.ics"
    file.write_bytes(CALENDAR)
    file.chmod(0)
    assert trouble(str(file)) == (Trouble.FILE_CLOSED, "")
