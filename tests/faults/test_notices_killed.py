"""The hub is killed between the commit of a notice and its arrival: it is told after the next start."""

from contextlib import closing
from pathlib import Path

import pytest

from plumbing.database import Database, open_engine
from sync.store import notice_outbox as outbox
from sync.store import notices
from sync.store.notice_schema import outbox as table
from tests.fakes.brokers import free_port
from tests.fakes.programs import LIMIT_S, Hub, wait_until
from tests.fakes.services import web_service
from tests.sync.dashboard.house import migrated_database

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]

NOW_US = 1_800_000_000_000_000
"""Later than any clock here shows."""


def test_a_notice_outlives_kill_9_and_is_told_once_after_it_with_the_same_key(tmp_path: Path):
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    hub.file.write_bytes(migrated_database())
    with web_service() as web:
        web.hangs = True

        def prepare(connection) -> None:
            channel = notices.add_channel(connection, "x", f"{web.at()}?rto=60", [], "en")
            outbox.put(connection, "test:1:1", "test", 1, channel_id=channel)
            connection.execute(table.update().values(made_us=NOW_US))

        with closing(Database(open_engine(hub.database))) as database:
            database.write_now(prepare)
        hub.start()
        try:
            assert web.was_asked.wait(LIMIT_S)
            hub.kill()
            web.hangs = False
            hub.start()
            wait_until(lambda: web.came, "the notice")
            with closing(Database(open_engine(hub.database, visiting=True))) as database:
                wait_until(
                    lambda: database.read_now(lambda c: c.execute(table.select()).one()).outcome == "sent",
                    "the outbox to know it",
                )
        finally:
            hub.stop()
        assert len(web.came) == 1
        assert len(set(web.keys)) == 1
        assert len(web.keys[0]) == 32
