"""A hub that is killed between what happened and its being told tells it after that, byte for byte."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec
import pytest

from community.events import CheckedIn
from community.ids import MemberId, SpaceId
from community.members import Visibility
from community.wire.topics import Word, kiosk_topic
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from plumbing.mqtt import Broker
from sync.bootstrap import MIGRATIONS
from sync.store import directory, webhooks
from sync.store.outbox import Kind
from sync.store.webhooks import Webhook
from tests.fakes.brokers import free_port
from tests.fakes.programs import SPACE, Hub, wait_until
from tests.fakes.targets import target
from tests.sync.kiosks import talking
from tests.sync.samples import DOOR, batch, member, raw

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


def prepare(hub: Hub, url: str) -> None:
    """Make a member who may be seen, and a webhook that asks for comings."""
    ada = msgspec.structs.replace(member("Ada", "ada"), visibility=Visibility(members=True))
    with closing(Database(open_engine(hub.database))) as database:
        upgrade(database, MIGRATIONS)
        database.write_now(lambda c: directory.put_member(c, ada))
        made = Webhook("h1", url, frozenset({Kind.ARRIVED.value}), 1, "camille")
        database.write_now(lambda c: webhooks.add(c, made))


async def test_what_was_committed_is_told_after_a_kill_and_is_the_same_bytes(tmp_path: Path):
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    with target() as there, hub.settings.open("a") as settings:
        settings.write('[webhooks]\ninward = ["127.0.0.1"]\n')
        settings.flush()
        prepare(hub, there.url)
        there.hangs = True
        hub.start()
        try:
            async with talking(Broker("127.0.0.1", hub.broker_port)) as kiosk:
                topic = kiosk_topic(SpaceId(SPACE), DOOR, Word.EVENTS)
                said, looks = batch(raw(1, CheckedIn(MemberId("ada")), datetime.now(UTC))), count()

                def told() -> bool:
                    """Look; say it again each second, as a kiosk does: the hub may not listen yet."""
                    if next(looks) % 100 == 0:
                        assert kiosk.line.publish(topic, said)
                    return bool(there.got)

                wait_until(told, "the hub to tell")
                hub.kill()  # it has heard no answer
            there.release()
            hub.start()
            wait_until(lambda: len(there.got) > 1, "the hub to tell it again")
        finally:
            hub.stop()
    first, second = there.got[:2]
    assert (first.id, first.body) == (second.id, second.body)
    assert msgspec.json.decode(first.body)["data"]["member"] == "ada"
    assert "Ada" not in first.body.decode()
