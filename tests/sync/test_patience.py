"""Patience: what is refused is tried again, and said once loudly."""

import logging

import pytest

from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.patience import Patience

log = logging.getLogger("sync.patience.tried")
REFUSED = DatabaseError(DatabaseTrouble.FULL, "the disk is full")


class Work:
    """Something that fails in these ways, one after the other, and then is done."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)

    async def __call__(self) -> str:
        if self.failures:
            raise self.failures.pop(0)
        return "done"


def patience(mistaken: str = "") -> Patience:
    return Patience(log, "it waits: %s", "it goes on", mistaken=mistaken, first_s=0.001)


async def test_what_is_refused_is_tried_until_it_is_done_and_only_the_first_time_is_loud(
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG, log.name)
    assert await patience().until_done(Work(REFUSED, REFUSED, REFUSED)) == "done"
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "it waits: the disk is full"),
        ("DEBUG", "it waits: the disk is full"),
        ("DEBUG", "it waits: the disk is full"),
        ("INFO", "it goes on"),
    ]


async def test_what_is_done_at_once_is_not_spoken_of(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, log.name)
    assert await patience().until_done(Work()) == "done"
    assert caplog.records == []


async def test_a_mistake_of_ours_is_tried_again_with_where_it_happened_if_asked_for(
    caplog: pytest.LogCaptureFixture,
):
    assert await patience("it was our mistake").until_done(Work(ZeroDivisionError(), REFUSED)) == "done"
    assert "it was our mistake" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_mistake_of_ours_goes_through_otherwise():
    with pytest.raises(ZeroDivisionError):
        await patience().until_done(Work(REFUSED, ZeroDivisionError()))
