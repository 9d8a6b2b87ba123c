"""What a host reads when events are missing: in words, on the page that is open."""

from community.clock import Stamp
from community.events import CardOpened, Record
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import encode
from sync.store import log
from sync.store.cursors import Asked
from sync.store.log import Arrived


def put(house, *numbers: int, oldest: int = 0) -> None:
    arrived = []
    for number in numbers:
        record = Record(number, Stamp(1, "b", 1, synced=False), CardOpened(MemberId("m1")))
        arrived.append(Arrived(KioskId("door"), Epoch("e1"), record, encode(record)))
    asked = [Asked(KioskId("door"), Epoch("e1"), oldest)]
    house.database.write_now(lambda c: log.append(c, arrived, (), 1, asked))


def test_a_host_reads_what_is_missing_and_has_been_asked_for(house, host):
    put(house, 1, 4)
    page = host.get("/").text
    assert "2 events of door are missing before later ones." in page
    assert "are lost" not in page


def test_a_host_reads_what_will_never_come(house, host):
    put(house, 1, 4)
    put(house, oldest=4)
    page = host.get("/").text
    assert "2 events of door are lost: this hub was restored from a copy" in page
    assert "are missing" not in page
    assert 'foyer_gone_events{kiosk="door"} 2' in host.get("/metrics").text
