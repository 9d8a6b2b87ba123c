"""The page of webhooks: who adds one sees its key once, and what its target answered."""

import re

from sync.store import deeds, deliveries, directory, webhooks
from sync.store.deeds import Deed
from sync.store.outbox import State
from sync.webhooks import signing
from tests.sync.dashboard.house import BADGE_KEY, LOGIN
from tests.sync.samples import member

URL = "https://hooks.example.org/foyer?secret=1"


def send(host, **fields):
    return host.post("/webhooks", {"form_token": host.form_token("/webhooks"), **fields})


def add(house, host, url=URL):
    answer = send(host, do="add", url=url, **{"member.changed": "yes"})
    assert answer.status == 200, answer.text
    (made, *_) = house.database.read_now(webhooks.every)
    return made, answer


def test_a_key_is_shown_once_and_stands_in_no_table(house, host):
    made, answer = add(house, host)
    key = signing.told(signing.key_of(BADGE_KEY, made.id, 1))
    assert key.replace("+", "&#43;") in answer.text.replace("+", "&#43;")
    page = host.get("/webhooks").text
    assert key not in page
    assert URL in page
    changed = send(host, do="key", webhook=made.id)
    assert signing.told(signing.key_of(BADGE_KEY, made.id, 2)) in changed.text
    assert "The former key signs too" in host.get("/webhooks").text


def test_what_cannot_be_a_webhook_is_refused_with_a_reason(host):
    for url in ("http://example.org/", "http://127.0.0.1/", "https://me:pw@example.org/", ""):
        answer = send(host, do="add", url=url, **{"member.changed": "yes"})
        assert answer.status == 422
        assert "No webhook can be there" in answer.text
    assert "at least one thing" in send(host, do="add", url=URL).text


def test_one_address_is_told_once(house, host):
    add(house, host)
    answer = send(host, do="add", url=URL, **{"member.left": "yes"})
    assert answer.status == 422
    assert "There is a webhook for this address" in answer.text


def test_what_was_given_up_is_seen_and_sent_again(house, host):
    made, _ = add(house, host)
    house.database.write_now(lambda c: directory.put_member(c, member("Ada")))
    (one,) = house.database.read_now(lambda c: deliveries.latest(c, made.id, 9))
    house.database.write_now(lambda c: deliveries.tried(c, one, State.PARKED, "slow", one.made_us, None))
    page = host.get("/webhooks").text
    assert "1 message was given up" in page
    assert "no answer in time" in page
    assert "Ada" not in page
    assert "said=resent" in send(host, do="resend", webhook=made.id, message=one.id).headers["location"]
    assert "said=gone" in send(host, do="resend", webhook=made.id, message=one.id).headers["location"]
    assert "on its way" in host.get("/webhooks").text


def test_it_is_paused_goes_on_and_is_removed_and_all_of_that_is_in_the_record(house, host):
    made, _ = add(house, host)
    for do, said in (("pause", "paused"), ("resume", "resumed"), ("remove", "removed"), ("remove", "gone")):
        assert f"said={said}" in send(host, do=do, webhook=made.id).headers["location"]
        assert host.get(f"/webhooks?said={said}").status == 200
    assert "said=gone" in send(host, do="key", webhook=made.id).headers["location"]
    assert "said=gone" in send(host, do="nothing", webhook=made.id).headers["location"]
    done = house.database.read_now(lambda c: deeds.latest(c, 99))
    assert [each.deed for each in done][::-1][1:] == [
        Deed.WEBHOOK_ADDED,
        Deed.WEBHOOK_PAUSED,
        Deed.WEBHOOK_RESUMED,
        Deed.WEBHOOK_REMOVED,
    ]
    assert {each.host for each in done} == {LOGIN}
    assert not re.search("hooks.example", str(done))  # an address may be a secret
