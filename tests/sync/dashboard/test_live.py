"""The bell: nobody misses a change, nobody is waited for."""

import asyncio

from sync.live import Live, Woken


async def test_a_change_wakes_every_subscriber_once():
    live = Live()
    with live.subscribe() as one, live.subscribe() as two:
        live.changed()
        assert await one.wait(1) is Woken.CHANGED
        assert await two.wait(1) is Woken.CHANGED
        assert await one.wait(0) is Woken.QUIET


async def test_a_burst_is_one_change_to_whoever_was_busy():
    live = Live()
    with live.subscribe() as slow:
        for _ in range(1_000):
            live.changed()
        assert await slow.wait(0) is Woken.CHANGED
        assert await slow.wait(0) is Woken.QUIET


async def test_a_change_during_the_wait_ends_it():
    live = Live()
    with live.subscribe() as one:
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(one.wait(30))
            await asyncio.sleep(0)
            live.changed()
        assert waiting.result() is Woken.CHANGED


async def test_a_change_before_the_subscription_is_not_news():
    live = Live()
    live.changed()
    with live.subscribe() as one:
        assert await one.wait(0) is Woken.QUIET


async def test_ending_one_owner_ends_no_other():
    live = Live()
    with live.subscribe("a") as one, live.subscribe("b") as two:
        live.end(frozenset({"a"}))
        assert await one.wait(30) is Woken.ENDED
        assert await two.wait(0) is Woken.QUIET


async def test_after_the_close_every_wait_is_over_those_to_come_too():
    live = Live()
    with live.subscribe() as one:
        live.close()
        assert await one.wait(30) is Woken.ENDED
    with live.subscribe() as late:
        assert await late.wait(30) is Woken.ENDED


async def test_nothing_is_left_of_a_subscription_or_a_cancelled_wait():
    live = Live()
    with live.subscribe() as one:
        waiting = asyncio.create_task(one.wait(30))
        await asyncio.sleep(0)
        assert live.watching == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert live.watching == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
