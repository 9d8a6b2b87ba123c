"""Deliveries to a real server that fails, hangs, lies and comes back."""

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network

import pytest

from sync.store import deliveries, directory, webhooks
from sync.store.machines_schema import deliveries as rows
from sync.store.outbox import Kind, State
from sync.store.webhooks import Webhook
from sync.webhooks import signing
from sync.webhooks.courier import Courier
from sync.webhooks.target import Answered, Sender, Silent, Trouble
from tests.fakes.targets import target
from tests.fakes.waiting import LIMIT_S
from tests.sync.dashboard.house import MORNING, SetClock
from tests.sync.samples import KEY, member, us

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def there():
    with target() as made:
        yield made


class Running:
    """A courier with its clock."""

    def __init__(self, database, courier, clock) -> None:
        self.database, self.courier, self.clock = database, courier, clock

    def hook(self, url, name="h1"):
        made = Webhook(name, url, frozenset({Kind.CHANGED.value}), 1, "camille")
        assert self.database.write_now(lambda c: webhooks.add(c, made))

    def happen(self, name="Ada"):
        """Let something happen that webhooks are told of."""
        self.database.write_now(lambda c: directory.put_member(c, member(name)))
        late = us(self.clock.at())  # what was noted by the real clock is due by the test's

        def now_due(connection):
            fresh = rows.update().where(rows.c.tries == 0)
            connection.execute(fresh.values(due_us=late, made_us=late))

        self.database.write_now(now_due)
        self.courier.wake()

    def pass_by(self, step):
        self.clock.move(step)
        self.courier.wake()

    async def until(self, true, hook="h1"):
        """Return the webhook's last deliveries, the oldest first, once `true` says so of them."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                found = (await self.database.read(lambda c: deliveries.latest(c, hook, 99)))[::-1]
                if true(found):
                    return found
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(database, allowed=LOOPBACK):
    clock = SetClock(MORNING)
    courier = Courier(database, clock, KEY, Sender(allowed))
    task = asyncio.create_task(courier.run())
    try:
        yield Running(database, courier, clock)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def states(*wanted):
    return lambda found: [each.state for each in found] == list(wanted)


async def test_what_happened_is_told_signed_and_done_with(database, there):
    async with running(database) as run:
        run.hook(there.url)
        run.happen()
        (done,) = await run.until(states(State.DONE))
    (got,) = there.got
    assert (got.path, got.body, got.id) == ("/hook?from=foyer", done.body, done.id)
    assert got.headers["host"] == f"127.0.0.1:{there.port}"
    assert got.headers["content-type"].startswith("application/cloudevents+json")
    at_s = int(MORNING.timestamp())
    expected = signing.headers(done.id, at_s, done.body, [signing.key_of(KEY, "h1", 1)])
    assert {name: got.headers[name] for name in expected} == expected
    assert (done.answer, done.tries, done.due_us) == ("204", 1, None)


async def test_a_target_that_fails_is_tried_again_with_the_same_bytes(sqlite, there):
    there.status = 500
    async with running(sqlite) as run:
        run.hook(there.url)
        run.happen()
        await run.until(lambda found: found[0].tries == 1)
        run.pass_by(timedelta(seconds=5))
        await run.until(lambda found: found[0].tries == 2)
        there.status = 200
        run.pass_by(timedelta(minutes=1))
        (done,) = await run.until(states(State.DONE))
    assert {(got.id, got.body) for got in there.got} == {(done.id, done.body)}
    assert len(there.got) == 3
    assert len({got.headers["webhook-timestamp"] for got in there.got}) == 3


async def test_after_three_days_it_is_parked_until_somebody_sends_it_again(sqlite, there):
    there.status = 503
    async with running(sqlite) as run:
        run.hook(there.url)
        run.happen()
        for tries in range(1, 5):
            await run.until(lambda found, tries=tries: found[0].tries == tries)
            run.pass_by(timedelta(hours=20))
        (parked,) = await run.until(states(State.PARKED))
        assert (parked.answer, parked.due_us) == ("503", None)
        there.status = 200
        at_us = us(run.clock.at())
        assert await sqlite.write(lambda c: deliveries.resend(c, "h1", parked.id, at_us)) == 1
        assert await sqlite.write(lambda c: deliveries.resend(c, "h1", "", at_us)) == 0
        run.courier.wake()
        (done,) = await run.until(states(State.DONE))
    assert done.body == parked.body
    assert there.got[-1].id == parked.id


async def test_a_target_that_hangs_delays_no_other(sqlite, there):
    there.hangs = True
    with target() as other:
        async with running(sqlite) as run:
            run.hook(there.url)
            run.hook(other.url, "h2")
            run.happen()
            run.happen("Eve")
            await run.until(states(State.DONE, State.DONE), "h2")
            (first, second) = await run.until(lambda found: len(found) == 2)
            assert (first.tries, second.tries) == (0, 0)
            assert len(there.got) <= 1
            there.release()


async def test_a_redirect_is_not_followed(sqlite, there):
    with target() as inside:
        there.status, there.location = 307, inside.url
        async with running(sqlite) as run:
            run.hook(there.url)
            run.happen()
            (found,) = await run.until(lambda found: found[0].tries == 1)
        assert inside.got == []
    assert (found.state, found.answer) == (State.WAITING, "307")


async def test_a_target_that_wants_no_more_is_paused(sqlite, there):
    there.status = 410
    async with running(sqlite) as run:
        run.hook(there.url)
        run.happen()
        await run.until(states(State.PARKED))
        assert (await sqlite.read(webhooks.every))[0].paused


async def test_where_the_settings_do_not_allow_it_nothing_inside_is_asked(sqlite, there):
    async with running(sqlite, ()) as run:
        run.hook(f"https://localhost:{there.port}/")
        run.hook(there.url, "h2")
        run.happen()
        for name in ("h1", "h2"):
            (found,) = await run.until(lambda found: found and found[0].tries == 1, name)
            assert (found.state, found.answer) == (State.WAITING, "refused")
    assert there.got == []


async def test_a_name_that_leads_inward_even_once_is_refused_and_looked_up_only_once(monkeypatch):
    asked = []

    def system(host, port, **_):
        asked.append(host)
        addresses = ("93.184.216.34", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", system)
    sender = Sender(())
    try:
        answer = await sender.send("https://rebinding.example/", {}, b"{}")
    finally:
        sender.close()
    assert answer == Silent(Trouble.REFUSED)
    assert asked == ["rebinding.example"]


async def test_what_was_checked_is_what_is_connected_to(monkeypatch, there):
    """A name is asked for once; the line goes to the number that came back, whatever the name says now."""
    answers = iter(["127.0.0.1"])

    def system(_host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    sender = Sender(LOOPBACK)
    monkeypatch.setattr(socket, "getaddrinfo", system)
    try:
        assert await sender.send(there.url, {}, b"{}") == Answered(204)
    finally:
        sender.close()


async def test_every_way_in_which_nothing_can_be_heard_has_its_word(there):
    sender = Sender(LOOPBACK)
    try:
        there.raw = b"220 this is a mail server\r\n"
        assert await sender.send(there.url, {}, b"{}") == Silent(Trouble.NOT_HTTP)
        there.raw = b""
        tls = f"https://127.0.0.1:{there.port}/"
        assert await sender.send(tls, {}, b"{}") == Silent(Trouble.TLS)
        assert await sender.send("https://nobody.invalid/", {}, b"{}") == Silent(Trouble.NO_SUCH_HOST)
        assert await sender.send("no address", {}, b"{}") == Silent(Trouble.REFUSED)
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        gone = await sender.send(f"http://127.0.0.1:{port}/", {}, b"{}")
        assert gone == Silent(Trouble.UNREACHABLE)
        there.hangs = True
        assert await sender.send(there.url, {}, b"{}", whole_s=0.2) == Silent(Trouble.SLOW)
    finally:
        sender.close()


async def test_both_keys_sign_until_the_former_ends(sqlite, there):
    async with running(sqlite) as run:
        run.hook(there.url)
        until = us(run.clock.at() + timedelta(hours=24))
        changed = await sqlite.write(lambda c: webhooks.new_key(c, "h1", until))
        assert changed is not None
        run.happen()
        await run.until(states(State.DONE))
        run.pass_by(timedelta(hours=24))
        run.happen("Eve")
        await run.until(states(State.DONE, State.DONE))
    both, one = (got.headers["webhook-signature"].split() for got in there.got)
    assert (len(both), len(one)) == (2, 1)
    first = there.got[0]
    at_s = int(first.headers["webhook-timestamp"])
    keys = [signing.key_of(KEY, "h1", version) for version in (2, 1)]
    assert (
        first.headers["webhook-signature"]
        == signing.headers(first.id, at_s, first.body, keys)["webhook-signature"]
    )


def test_what_was_delivered_is_let_go_of_after_a_week(sqlite):
    day = 86_400_000_000
    made = Webhook("h1", "https://a.example/", frozenset({Kind.CHANGED.value}), 1, "camille")
    sqlite.write_now(lambda c: webhooks.add(c, made))
    sqlite.write_now(lambda c: directory.put_member(c, member("Ada")))
    (one,) = sqlite.read_now(lambda c: deliveries.latest(c, "h1", 9))
    sqlite.write_now(lambda c: deliveries.tried(c, one, State.DONE, "200", one.made_us, None))
    assert sqlite.write_now(lambda c: deliveries.sweep(c, one.made_us + 6 * day)) == 0
    assert sqlite.write_now(lambda c: deliveries.sweep(c, one.made_us + 8 * day)) == 1
