"""A real Mosquitto with the files the hub writes: who comes in, who may say and hear what."""

import asyncio

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from community.ids import KioskId, SpaceId
from community.wire.codec import decode
from community.wire.enrolment import Enrol, asking, pin_of
from community.wire.messages import Order, Status
from community.wire.topics import SAID, TO_KIOSK, Word, all_kiosks, doctor_topic, hub_topic, kiosk_topic
from foyer.doctor.broker import speak
from plumbing.mqtt import tls_of
from plumbing.signing import SigningKey
from sync.authority import Authority
from sync.store import codes, credentials
from sync.store.codes import Purpose, Tried
from tests.sync.samples import DOOR, SPACE
from tests.sync.trusted import HOST, Voice, elsewhere, premises

SIDE = KioskId("side-door")


@pytest.fixture
async def house(tmp_path, sqlite):
    async with premises(tmp_path, sqlite) as made:
        yield made


async def test_a_kiosk_says_what_is_its_own_and_hears_what_is_meant_for_it(house):
    door = house.broker(await house.let_in(DOOR))
    told = [kiosk_topic(SPACE, DOOR, word) for word in TO_KIOSK] + [hub_topic(SPACE)]
    said = [kiosk_topic(SPACE, DOOR, word) for word in SAID]
    every_word = [all_kiosks(SPACE, word) for word in Word]
    async with Voice(house.hub, *every_word) as hub, Voice(door, *told) as kiosk:
        await hub.up()
        await kiosk.up()
        for topic in said:
            kiosk.line.publish(topic, b"hello")
        assert [topic for topic, _ in await hub.heard.count(len(said))] == said
        for topic in told:
            hub.line.publish(topic, b"hello")
        assert [topic for topic, _ in await kiosk.heard.count(len(told))] == told


async def test_a_kiosk_cannot_speak_for_another_or_for_the_hub(house):
    door = house.broker(await house.let_in(DOOR))
    await house.let_in(SIDE)
    forged = [
        *(kiosk_topic(SPACE, SIDE, word) for word in Word),
        *(kiosk_topic(SPACE, DOOR, word) for word in TO_KIOSK),
        hub_topic(SPACE),
        kiosk_topic(SpaceId("elsewhere"), DOOR, Word.EVENTS),
        "anything/else",
    ]
    honest = kiosk_topic(SPACE, DOOR, Word.EVENTS)
    async with Voice(house.hub, f"foyer/1/{SPACE}/#") as hub, Voice(door) as kiosk:
        await hub.up()
        await kiosk.up()
        for topic in forged:
            kiosk.line.publish(topic, b"forged")
        kiosk.line.publish(honest, b"honest")
        await hub.heard.until(lambda heard: any(payload == b"honest" for _, payload in heard))
        assert hub.heard.all == [(honest, b"honest")]


async def test_a_kiosk_hears_what_doors_tell_each_other_and_nothing_else_of_others(house):
    door = house.broker(await house.let_in(DOOR))
    side = house.broker(await house.let_in(SIDE))
    curious = [kiosk_topic(SPACE, SIDE, word) for word in Word] + [f"foyer/1/{SPACE}/#", "#"]
    async with Voice(house.hub) as hub, Voice(door, *curious) as kiosk, Voice(side, kiosk=SIDE) as other:
        for voice in (hub, kiosk, other):
            await voice.up()
        hub.line.publish(kiosk_topic(SPACE, SIDE, Word.FEED), b"private")
        hub.line.publish(kiosk_topic(SPACE, SIDE, Word.ORDER), b"private")
        other.line.publish(kiosk_topic(SPACE, SIDE, Word.STATUS), b"private")
        other.line.publish(kiosk_topic(SPACE, SIDE, Word.EVENTS), b"private")
        other.line.publish(kiosk_topic(SPACE, SIDE, Word.TOLD), b"an arrival")
        # What comes last on the same lines shows that what was not heard will not be.
        hub.line.publish(hub_topic(SPACE), b"the end")
        await kiosk.heard.until(
            lambda heard: {b"an arrival", b"the end"} <= {payload for _, payload in heard}
        )
        assert all(payload != b"private" for _, payload in kiosk.heard.all)


@pytest.mark.parametrize("protocol", [MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311])
async def test_either_version_of_mqtt_is_let_in_by_an_encrypted_line(house, protocol):
    broker = house.broker(await house.let_in(DOOR))

    def connect() -> int:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id="either", protocol=protocol)
        client.username_pw_set(broker.username, broker.password)
        client.tls_set_context(tls_of(broker))
        answers: list[int] = []

        def on_connect(*arguments: object) -> None:
            answers.append(arguments[3].value)
            client.disconnect()

        client.on_connect = on_connect
        client.connect(broker.host, broker.port)
        client.loop_forever()
        return answers[0]

    assert await asyncio.to_thread(connect) == 0


async def test_without_encryption_nobody_comes_in_from_elsewhere(house):
    door = elsewhere(house.broker(await house.let_in(DOOR)), authority="")
    async with Voice(door) as kiosk:
        await kiosk.refused()


async def test_a_broker_with_another_authority_is_not_believed(house, tmp_path):
    stranger = Authority(tmp_path / "another", "loft").certificate
    door = elsewhere(house.broker(await house.let_in(DOOR)), authority=stranger)
    async with Voice(door) as kiosk:
        await kiosk.refused()


async def test_a_broker_under_a_name_that_its_certificate_lacks_is_not_believed(house):
    door = elsewhere(house.broker(await house.let_in(DOOR)), host="127.0.0.2")
    async with Voice(door) as kiosk:
        await kiosk.refused()


@pytest.mark.parametrize("login", ["", "loft.door.1", "loft.door.2", "door", "stranger"])
async def test_whoever_has_no_password_stays_outside(house, login):
    await house.let_in(SIDE)
    async with Voice(elsewhere(house.broker(await house.let_in(DOOR)), username=login, password="x")) as one:
        assert "uthori" in await one.refused()


async def test_whoever_is_shut_out_is_cut_off_and_does_not_come_in_again(house):
    door, side = house.broker(await house.let_in(DOOR)), house.broker(await house.let_in(SIDE))
    async with Voice(door) as kiosk, Voice(side, kiosk=SIDE) as other:
        await kiosk.up()
        await other.up()
        assert await house.gate.revoke(DOOR, HOST)
        await kiosk.losses.until(lambda losses: any("uthori" in why for why in losses))
        assert other.line.up
        assert not other.losses.all
    assert not await house.gate.revoke(DOOR, HOST)
    assert house.orders[-1][0] == kiosk_topic(SPACE, DOOR, Word.ORDER)
    assert decode(house.orders[-1][1], Order) == Order(revoked=True)


async def test_a_new_password_is_good_beside_the_old_until_its_first_use(house, sqlite):
    enrolled = await house.let_in(DOOR)
    old = house.broker(enrolled)
    house.gate.heard(DOOR, Status(online=True, credential=1))
    assert await house.gate.renew(DOOR, HOST)
    order = decode(house.orders[-1][1], Order)
    assert isinstance(order, Order)
    new = elsewhere(old, username=order.username, password=order.password)
    async with Voice(old) as before, Voice(new) as after:
        await before.up()
        await after.up()
        house.gate.heard(DOOR, Status(online=True, credential=order.credential))
        await before.losses.until(lambda losses: any("uthori" in why for why in losses))
        assert after.line.up
    assert [each.number for each in sqlite.read_now(credentials.good)] == [order.credential]


async def test_a_kiosk_that_was_away_is_told_its_new_password_when_it_comes(house):
    await house.let_in(DOOR)
    await house.gate.renew(DOOR, HOST)
    told = len(house.orders)
    house.gate.heard(DOOR, Status(online=True, credential=1))
    assert house.orders[told:] == [house.orders[told - 1]]
    assert not await house.gate.renew(SIDE, HOST), "it was never let in"


async def test_the_doctor_may_speak_to_itself(house):
    door = house.broker(await house.let_in(DOOR))
    assert (await speak(door, SPACE, doctor_topic(SPACE, DOOR))).echo
    assert (await speak(house.hub, SPACE, doctor_topic(SPACE, None))).echo


async def test_a_code_lets_one_kiosk_in_once(house):
    code = await house.gate.make_code(DOOR, HOST)
    key = SigningKey.make().public
    assert code.pin == pin_of(house.gate.files.authority.fingerprint)
    assert await house.gate.enrol(Enrol(code.name, "WRONGWRO", key)) is Tried.WRONG
    assert await house.gate.enrol(Enrol("??", code.secret, key)) is Tried.WRONG
    enrolled = await house.gate.enrol(Enrol(code.name, code.secret, key))
    assert not isinstance(enrolled, Tried)
    assert (enrolled.kiosk, enrolled.space, enrolled.credential) == (DOOR, SPACE, 1)
    assert await house.gate.enrol(Enrol(code.name, code.secret, key)) is Tried.WRONG


async def test_five_wrong_tries_end_a_code(house):
    code = await house.gate.make_code(DOOR, HOST)
    key = SigningKey.make().public
    for _ in range(codes.TRIES):
        assert await house.gate.enrol(Enrol(code.name, "WRONGWRO", key)) is Tried.WRONG
    assert await house.gate.enrol(Enrol(code.name, code.secret, key)) is Tried.OVER


def test_a_code_is_over_after_a_quarter_of_an_hour(database):
    later = int(codes.GOOD_FOR.total_seconds() * 1_000_000)
    code = database.write_now(lambda c: codes.make(c, Purpose.KIOSK, DOOR, HOST, 0))
    assert database.read_now(lambda c: codes.opened(c, Purpose.KIOSK, later - 1))
    assert not database.read_now(lambda c: codes.opened(c, Purpose.KIOSK, later))
    tried = database.write_now(lambda c: codes.use(c, Purpose.KIOSK, code.name, code.secret, later))
    assert tried is Tried.OVER


def test_the_database_holds_no_code_and_no_password(database):
    code = database.write_now(lambda c: codes.make(c, Purpose.KIOSK, DOOR, HOST, 0))
    rows = database.read_now(lambda c: c.execute(codes.codes.select()).all())
    assert code.secret not in str(rows)


async def test_only_the_kiosk_itself_learns_that_it_was_shut_out(house):
    key = SigningKey.make()
    await house.let_in(DOOR, key)
    signed = key.sign(asking(SPACE, DOOR, 1))
    assert not await house.gate.is_revoked(DOOR, 1, signed)
    await house.gate.revoke(DOOR, HOST)
    assert await house.gate.is_revoked(DOOR, 1, signed)
    assert not await house.gate.is_revoked(DOOR, 1, SigningKey.make().sign(asking(SPACE, DOOR, 1)))
    assert not await house.gate.is_revoked(SIDE, 1, signed)


async def test_files_that_are_right_are_left_alone(house):
    await house.let_in(DOOR)
    files = sorted(house.mosquitto.files.iterdir())
    before = {file: (file.stat().st_ino, file.read_text()) for file in files}
    await house.gate.refresh()
    assert {file: (file.stat().st_ino, file.read_text()) for file in files} == before
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o640"}
    authority = house.mosquitto.files.parent / "authority"
    assert authority.stat().st_mode & 0o777 == 0o700
    assert (authority / "authority.key").stat().st_mode & 0o777 == 0o600


async def test_the_broker_understands_every_line(house):
    await house.let_in(DOOR)
    assert "Error" not in house.mosquitto.said()
    assert "deprecated" not in house.mosquitto.said()
