"""Notices sent by the process that sends, to real services on loopback."""

import socket

import pytest

from sync.notices.addresses import mail_to
from sync.notices.apart import InwardError, refuse_inward, send_apart
from sync.notices.asked import Batch, Message
from sync.store.tries import Outcome


def message(number: int, address: str, **more) -> Message:
    return Message(number, address, "Yuki est là", "Yuki est là « maintenant » : bonne rencontre !", **more)


async def told(*messages: Message, outward: bool = False) -> dict[int, Outcome]:
    return {each.id: each.outcome async for each in send_apart(Batch(messages, outward))}


async def test_a_notice_arrives_word_for_word_and_says_which_it_is(web):
    assert await told(message(7, web.at(), key="k" * 32)) == {7: Outcome.SENT}
    (came,) = web.came
    assert (came["title"], came["message"]) == (
        "Yuki est là",
        "Yuki est là « maintenant » : bonne rencontre !",
    )
    assert web.keys == ["k" * 32]


async def test_what_is_refused_or_not_there_or_no_address_is_told_as_such(web):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"json://127.0.0.1:{free.getsockname()[1]}/"
    found = await told(message(1, web.at("no")), message(2, nobody), message(3, "nonsense://x"))
    assert found == {1: Outcome.REFUSED, 2: Outcome.REFUSED, 3: Outcome.ADDRESS}


async def test_one_that_hangs_holds_up_no_other(web, monkeypatch: pytest.MonkeyPatch):
    answers = send_apart(Batch((message(1, f"{web.at('slow')}?rto=60"), message(2, web.at())), outward=False))
    assert (await anext(answers)).id == 2
    await answers.aclose()


async def test_a_process_that_takes_too_long_is_ended(web, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sync.notices.apart.LONGEST_S", 2.0)
    assert await told(message(1, f"{web.at('slow')}?rto=60")) == {}


async def test_mail_goes_to_whoever_it_is_for_and_to_nobody_else(mail):
    assert await told(message(1, mail_to(mail.address, "yuki@example.org"))) == {1: Outcome.SENT}
    assert mail.to == ["yuki@example.org"]
    assert "Yuki est là" in mail.text()
    assert "bonne rencontre !" in mail.text()


@pytest.mark.parametrize(
    "address", ["json://127.0.0.1:{port}/ok", "json://localhost:{port}/ok", "json://[::1]:{port}/ok"]
)
async def test_no_line_leads_into_the_house_where_a_member_gave_the_address(web, address: str):
    found = await told(message(1, address.format(port=web.port)), outward=True)
    assert found == {1: Outcome.INWARD}
    assert not web.was_asked.is_set()


@pytest.mark.parametrize(
    "address",
    [("10.0.0.1", 80), ("::ffff:127.0.0.1", 80, 0, 0), ("64:ff9b::7f00:1", 80, 0, 0), "/run/some.socket", ()],
)
def test_the_hook_refuses_every_way_in(address: object):
    for event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        with pytest.raises(InwardError):
            refuse_inward(event, (None, address))


def test_the_hook_lets_the_rest_through():
    refuse_inward("socket.connect", (None, ("93.184.215.14", 443)))
    refuse_inward("socket.getaddrinfo", (None, "localhost"))
