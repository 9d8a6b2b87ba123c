"""What could not be understood: a host reads it, tries it again, or puts it away; nothing disappears."""

import pytest
from sqlalchemy import func, select, update

from community.events import CheckedIn
from community.ids import Epoch, KioskId, MemberId
from sync.store import deeds, log
from sync.store.batches import UNSTORABLE, read_batch
from sync.store.cursors import COPIED
from sync.store.schema import events, quarantine
from sync.views.quarantine import LONGEST_TEXT, Why, plain, why
from tests.sync.dashboard.house import Browser
from tests.sync.samples import batch, raw

DOOR = KioskId("door")
NEW_KIND = b'{"seq":7,"at":{"wall_us":1,"boot":"b","up_us":1,"synced":true},"event":{"kind":"danced"}}'


def hold(house, *strange, at_us=5):
    house.database.write_now(lambda c: log.append(c, (), strange, at_us))


def one(house):
    (row,) = house.database.read_now(lambda c: c.execute(select(quarantine)).mappings().all())
    return row


def count(house, table):
    return house.database.read_now(lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())


def reason_for(payload):
    """Why what came from a kiosk is put aside."""
    (item,) = (item for item in read_batch(DOOR, payload) if isinstance(item, log.Strange))
    return item.reason


def newer(seq=7, content=NEW_KIND):
    return log.Strange(DOOR, Epoch("e1"), seq, reason_for(batch(content)), content)


def learn(house):
    """Let the hub know the kind of event that it did not know: an update, as far as the row can tell."""
    good = raw(7, CheckedIn(MemberId("m1")))
    house.database.write_now(lambda c: c.execute(update(quarantine).values(raw=good)))


def do(host, deed, row=""):
    fields = {"form_token": host.form_token("/"), "do": deed, "row": str(row)}
    return host.post("/quarantine", fields)


def test_a_host_reads_who_sent_what_and_why_it_waits(house, host):
    hold(house, newer())
    page = host.get("/quarantine").text
    assert "door" in page
    assert "event 7" in page
    assert "does not know this kind of event" in page
    assert "&#34;danced&#34;" in page
    assert "1970" in page or "Thu" in page or "Jan" in page


def test_the_page_now_counts_what_waits_and_leads_there(house, host):
    assert "/quarantine" not in host.get("/").text
    hold(house, newer())
    page = host.get("/").text
    assert "1 message could not be understood" in page
    assert 'href="/quarantine"' in page


def test_what_was_received_is_shown_as_text_and_never_as_html(house, host):
    hold(
        house,
        log.Strange(DOOR, Epoch(""), None, "not a message", b"<script>alert(1)</script>\x00\x1b[2J\xff"),
    )
    page = host.get("/quarantine").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert not {"\x00", "\x1b"} & set(page)


def test_what_would_turn_a_line_around_is_shown_as_a_dot():
    assert plain("a\N{RIGHT-TO-LEFT OVERRIDE}b\nc\u200b".encode()) == "a·b·c·"


def test_a_very_long_one_is_shown_in_part_and_kept_whole(house, host):
    hold(house, log.Strange(DOOR, Epoch(""), None, "not a message", b"x" * (LONGEST_TEXT + 1)))
    page = host.get("/quarantine").text
    assert "x" * LONGEST_TEXT + "…" in page
    assert "x" * (LONGEST_TEXT + 1) not in page
    assert len(one(house)["raw"]) == LONGEST_TEXT + 1


def test_a_name_is_never_added_to_what_was_received(house, host):
    house.member("m1", "Élise")
    hold(house, newer(content=NEW_KIND.replace(b'"danced"', b'"danced","member":"m1"')))
    assert "Élise" not in host.get("/quarantine").text


def test_what_can_be_read_after_an_update_goes_into_the_log_and_to_presence(house, host):
    house.member("m1", "Élise")
    hold(house, newer())
    assert do(host, "again", one(house)["id"]).headers["location"] == "/quarantine?said=still"
    assert count(house, quarantine) == 1
    learn(house)
    assert do(host, "again", one(house)["id"]).headers["location"] == "/quarantine?said=released"
    assert (count(house, quarantine), count(house, events)) == (0, 1)
    assert house.live.version > 0


def test_everything_can_be_tried_at_once_and_what_stays_unreadable_stays(house, host):
    garbage = log.Strange(DOOR, Epoch(""), None, "not a message of this program", b"\xff")
    hold(house, newer())
    learn(house)
    hold(house, garbage)
    assert do(host, "all").headers["location"] == "/quarantine?said=released"
    assert one(house)["raw"] == b"\xff"


def test_a_whole_message_of_a_newer_version_is_taken_apart_once_it_can_be_read(house, host):
    hold(
        house,
        log.Strange(DOOR, Epoch(""), None, "wire version 2, this program speaks 1", batch(raw(1), raw(2))),
    )
    assert do(host, "again", one(house)["id"]).headers["location"] == "/quarantine?said=released"
    assert (count(house, quarantine), count(house, events)) == (0, 2)


def test_what_was_put_away_stays_with_who_and_when_and_can_be_taken_back(house, host):
    hold(house, newer())
    row = one(house)["id"]
    assert do(host, "aside", row).headers["location"] == "/quarantine?said=aside"
    page = host.get("/quarantine").text
    assert "Put away by camille" in page
    assert "danced" in page
    assert "could not be understood" not in host.get("/").text
    assert one(house)["aside_by"] == "camille"
    assert do(host, "back", row).headers["location"] == "/quarantine?said=back"
    assert one(house)["aside_us"] is None


def test_what_was_put_away_is_not_tried_again(house, host):
    hold(house, newer())
    do(host, "aside", one(house)["id"])
    learn(house)
    assert do(host, "all").headers["location"] == "/quarantine?said=still"
    assert count(house, events) == 0


def test_each_deed_leaves_a_trace(house, host):
    hold(house, newer())
    row = one(house)["id"]
    for deed in ("again", "aside", "back"):
        do(host, deed, row)
    kept = house.database.read_now(lambda c: deeds.latest(c, 3))
    assert [(done.deed.value, done.host, done.subject) for done in reversed(kept)] == [
        ("tried-again", "camille", str(row)),
        ("put-aside", "camille", str(row)),
        ("taken-back", "camille", str(row)),
    ]


@pytest.mark.parametrize("row", ["", "99", "-1", "x", "9" * 40, "٣"])
@pytest.mark.parametrize("deed", ["again", "aside", "back", "delete"])
def test_what_is_not_there_changes_nothing(house, host, deed, row):
    hold(house, newer())
    before = one(house)
    assert do(host, deed, row).status == 303
    assert one(house) == before


def test_one_that_the_database_refuses_holds_back_no_other(house, host):
    hold(house, newer(), log.Strange(DOOR, Epoch(""), None, UNSTORABLE, batch(raw(1))))
    learned = raw(7, CheckedIn(MemberId("m1")))
    house.database.write_now(
        lambda c: c.execute(update(quarantine).where(quarantine.c.seq == 7).values(raw=learned))
    )
    assert do(host, "all").headers["location"] == "/quarantine?said=released"
    assert one(house)["reason"] == UNSTORABLE
    assert do(host, "again", one(house)["id"]).headers["location"] == "/quarantine?said=released"
    assert (count(house, quarantine), count(house, events)) == (0, 2)


def test_a_copy_or_a_message_from_nowhere_is_not_offered_to_be_tried(house, host):
    hold(
        house,
        log.Strange(DOOR, Epoch("e1"), 1, COPIED, raw(1)),
        log.Strange(KioskId(""), Epoch(""), None, "it came on a topic that names no kiosk", batch(raw(1))),
    )
    page = host.get("/quarantine").text
    assert "Was the kiosk’s memory card copied?" in page
    assert "No kiosk" in page
    assert "Try again now" not in page
    assert do(host, "all").headers["location"] == "/quarantine?said=still"
    assert count(house, quarantine) == 2


def test_every_reason_the_program_gives_has_words():
    reasons = {
        COPIED: Why.COPIED,
        UNSTORABLE: Why.UNSTORABLE,
        "it came on a topic that names no kiosk": Why.NOWHERE,
        "not an EventBatch: Object missing required field `epoch`": Why.MISFIT,
        reason_for(b"\xff"): Why.GARBLED,
        reason_for(b'{"v":2}'): Why.VERSION,
        reason_for(batch(NEW_KIND)): Why.KIND,
        reason_for(batch(b'{"seq":7}')): Why.MISFIT,
    }
    assert {reason: why(reason) for reason in reasons} == reasons


def test_the_page_is_in_the_language_the_host_chose(house, host):
    hold(house, newer())
    host.post("/language", {"form_token": host.form_token("/"), "language": "fr", "back": "/quarantine"})
    page = host.get("/quarantine").text
    assert "En quarantaine" in page
    assert "Cette version du hub ne connaît pas ce genre d’événement" in page


def test_without_a_login_nothing_of_it_is_shown(house, host):
    hold(house, newer())
    stranger = Browser(house)
    for answer in (stranger.get("/quarantine"), stranger.post("/quarantine", {"do": "aside", "row": "1"})):
        assert answer.headers["location"] == "/login"
    assert one(house)["aside_us"] is None
