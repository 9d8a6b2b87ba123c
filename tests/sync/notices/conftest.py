"""A hub's notices without the rest of the hub."""

import pytest

from tests.fakes.services import mail_server, web_service
from tests.fakes.tidiness import nothing_is_left

__all__ = ["nothing_is_left"]


@pytest.fixture
def web():
    with web_service() as service:
        yield service


@pytest.fixture
def mail():
    with mail_server() as mailbox:
        yield mailbox
