"""`foyer badges`: on the virtual reader, with a real hub's database, and a hand that does not hold still."""

import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from community.badges import Badge, BadgeKey, BadgeStatus
from community.ids import MemberId
from community.proofs import Level
from foyer import masters
from foyer.masters import Master
from hardware.uid import Uid
from hardware.virtual.cards import Ntag213, Phone, SecureBadge
from hardware.virtual.ntag424 import Ntag424
from hardware.virtual.port import BRISK, VirtualPn532
from kiosk.core.directory import Directory, from_feed
from kiosk.proofs import Proofs, shown_by
from plumbing.database import Database, open_engine
from plumbing.secrets import load_or_make
from sync.store import feed, secure_badges

UID = bytes.fromhex("04A1B2C3D4E5F6")


class Desk:
    """A hub with one member, a reader, and whatever lies on it."""

    def __init__(self, folder: Path, reader: VirtualPn532, foyer) -> None:
        self.settings, self.database = folder / "hub.toml", folder / "hub.db"
        self.masters, self.badge_key = folder / "badge-masters.keys", folder / "badge.key"
        self.settings.write_text(
            f'database = "sqlite:///{self.database}"\nbadge_key_file = "{self.badge_key}"\n'
            f'badge_masters_file = "{self.masters}"\n[space]\nid = "nook"\n'
        )
        self.reader, self._foyer = reader, foyer
        people = folder / "members.csv"
        people.write_text("id,name,visibility\nlea,Léa,named\npaul,Paul,named\n", encoding="utf-8")
        foyer("members", "import", people, "--settings", self.settings)

    def run(self, *arguments: object):
        return self._foyer("badges", *arguments, "--settings", self.settings)

    def provision(self, *arguments: object, member: str = "Léa"):
        return self.run("provision", "--member", member, "--reader", f"pn532:{self.reader.path}", *arguments)

    def check(self):
        return self.run("check", "--reader", f"pn532:{self.reader.path}")

    def read(self, work):
        with closing(Database(open_engine(f"sqlite:///{self.database}"))) as database:
            return database.read_now(work)

    @property
    def key(self) -> BadgeKey:
        return BadgeKey(1, load_or_make(self.badge_key))

    def as_a_kiosk_knows_it(self) -> Directory:
        return from_feed(self.read(feed.everything))


@pytest.fixture
def reader(nothing_is_left: None) -> Iterator[VirtualPn532]:
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


@pytest.fixture
def desk(tmp_path: Path, reader: VirtualPn532, foyer) -> Desk:
    return Desk(tmp_path, reader, foyer)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    assert desk.run("keys", "--new").code == 0
    return desk


def is_believed(desk: Desk, chip: Ntag424) -> bool:
    """Whether a kiosk with the hub's feed would let this badge in."""
    known = desk.as_a_kiosk_knows_it()
    proofs = Proofs(desk.key)
    proofs.know(known)
    chip.field_off()
    shown = shown_by(proofs.prove(Uid(chip.shown_number()), chip.command))
    read = known.read(UID, random=False, key=desk.key, shown=shown)
    return type(read).__name__ == "KnownBadge"


@pytest.mark.parametrize("level", [Level.SUN, Level.MUTUAL])
def test_a_blank_badge_becomes_a_member_s_and_is_believed_at_the_door(ready: Desk, level: Level):
    chip = Ntag424(UID)
    ready.reader.present(SecureBadge(chip))
    ran = ready.provision("--level", level.value)
    assert ran.code == 0, ran
    assert "cannot be copied" in ran.out
    hashed = ready.key.hash(UID)
    assert ready.read(secure_badges.all_badges) == (
        Badge(hashed, MemberId("lea"), BadgeStatus.ACTIVE, level, key=1),
    )
    assert is_believed(ready, chip)
    assert not is_believed(ready, Ntag424(UID))
    assert ready.read(lambda c: secure_badges.counted(c, hashed)) == 1


def test_the_secret_is_in_its_file_and_nowhere_else(ready: Desk):
    chip = Ntag424(UID)
    ready.reader.present(SecureBadge(chip))
    ran = ready.provision()
    (master,) = masters.read(ready.masters)
    assert stat.S_IMODE(ready.masters.stat().st_mode) == 0o600
    database = b"".join(file.read_bytes() for file in ready.database.parent.glob("hub.db*"))
    for secret in (master.secret, master.keys_of(UID).keys[0], master.keys_of(UID).keys[4]):
        assert secret not in database
        assert secret.hex() not in (ran.out + ran.err + repr(master) + repr(master.keys_of(UID))).lower()
    assert UID.hex() not in (ran.out + ran.err).lower()
    assert UID not in database


class Restless(Ntag424):
    """A badge that its owner takes away once, after so many commands, and lays back."""

    def __init__(self, after: int, reader: VirtualPn532) -> None:
        super().__init__(UID)
        self.after, self.reader, self.taken = after, reader, threading.Event()
        self.held: SecureBadge | None = None

    def command(self, apdu: bytes) -> bytes:
        answer = super().command(apdu)
        self.after -= 1
        if self.after == 0:
            self.taken.set()
        return answer

    def lift_and_lay_back(self) -> None:
        assert self.taken.wait(20)
        self.reader.lift()
        self.reader.wait_for_polls(3, 10)
        assert self.held is not None
        self.reader.present(self.held)


@pytest.mark.parametrize("after", [2, 9, 14, 20])
def test_a_badge_lifted_on_the_way_is_gone_on_with_when_it_is_laid_back(ready: Desk, after: int):
    chip = Restless(after, ready.reader)
    chip.held = SecureBadge(chip)
    hand = threading.Thread(target=chip.lift_and_lay_back, name="hand")
    hand.start()
    ready.reader.present(chip.held)
    ran = ready.provision()
    hand.join()
    assert ran.code == 0, ran
    assert is_believed(ready, chip)


def test_a_badge_is_programmed_anew_with_a_new_secret(ready: Desk):
    chip = Ntag424(UID)
    ready.reader.present(SecureBadge(chip))
    ready.provision()
    assert ready.run("keys", "--new").code == 0
    assert is_believed(ready, chip), "an old version goes on working"
    assert ready.provision().code == 0
    assert [version for _, version in chip.keys] == [2] * 5
    assert is_believed(ready, chip)


def test_a_badge_can_hide_its_number_from_everybody_else(ready: Desk):
    chip = Ntag424(UID)
    ready.reader.present(SecureBadge(chip))
    assert ready.provision("--hide-number").code == 0
    assert chip.hides_uid
    assert is_believed(ready, chip)
    assert ready.provision("--hide-number").code == 0
    assert "shows what it should" in ready.check().out


def test_a_badge_of_somebody_else_is_not_taken_away(ready: Desk):
    ready.reader.present(SecureBadge(Ntag424(UID)))
    ready.provision()
    assert "already linked to another member" in ready.provision(member="Paul").sentence
    assert [badge.member_id for badge in ready.read(secure_badges.all_badges)] == ["lea"]


def test_what_cannot_be_made_a_badge_is_said(ready: Desk):
    theirs = Ntag424(UID)
    theirs.keys[0] = (b"somebody else's!", 1)
    for card, said in (
        (Ntag213(UID), "no NTAG 424"),
        (Phone(), "no NTAG 424"),
        (SecureBadge(theirs), "blank"),
    ):
        ready.reader.present(card)
        assert said in ready.provision().sentence
    assert ready.read(secure_badges.all_badges) == ()


def test_without_a_secret_a_member_or_a_reader_nothing_is_tried(desk: Desk):
    assert "foyer badges keys --new" in desk.provision().sentence
    assert "no secret for badges yet" in desk.run("keys").out
    desk.run("keys", "--new")
    assert "no member" in desk.provision(member="Nobody").sentence
    for reader, said in (
        ("none", "name a reader"),
        ("x", "no reader we know"),
        ("pn532:/dev/nil", "no port"),
    ):
        ran = desk.run("provision", "--member", "Léa", "--reader", reader)
        assert said in ran.sentence


def test_what_a_badge_is_can_be_asked(ready: Desk):
    chip = Ntag424(UID)
    ready.reader.present(SecureBadge(chip))
    blank = ready.check().out
    assert "blank NTAG 424" in blank
    assert "linked to nobody" in blank
    ready.provision()
    healthy = ready.check().out
    assert "version 1, and shows what it should" in healthy
    assert "state active, level sun" in healthy
    chip.keys[3] = (b"not the right 1!", 1)
    assert "does not show what it should" in ready.check().out
    ready.reader.present(Ntag213(bytes.fromhex("04000000000001")))
    assert "can be copied" in ready.check().out
    ready.reader.present(Phone())
    assert "linked to" not in ready.check().out


def test_versions_are_told_by_their_fingerprints(ready: Desk):
    ready.run("keys", "--new")
    said = ready.run("keys").out
    newest, first = masters.read(ready.masters)
    assert (newest.version, first.version) == (2, 1)
    assert said.index(f"version 2, fingerprint {newest.mark}") < said.index(
        f"version 1, fingerprint {first.mark}"
    )


@pytest.mark.parametrize(
    "text",
    ["1", "1 00", "x 00112233445566778899aabbccddeeff", "0 00112233445566778899aabbccddeeff", "é", "1 zz"],
)
def test_a_file_that_is_no_secret_is_said(ready: Desk, text: str):
    ready.masters.write_text(text)
    assert "no secret for badges" in ready.run("keys").sentence


def test_two_secrets_of_one_version_are_a_spoilt_file(ready: Desk):
    ready.masters.write_text(ready.masters.read_text() * 2)
    assert "no secret for badges" in ready.run("keys").sentence


def test_a_secret_others_may_read_is_refused(ready: Desk):
    ready.masters.chmod(0o644)
    assert "chmod 600" in ready.run("keys").sentence


def test_there_are_no_more_versions_than_a_chip_can_tell(ready: Desk):
    ready.masters.write_text("255 00112233445566778899aabbccddeeff\n")
    ready.masters.chmod(0o600)
    assert "255 versions" in ready.run("keys", "--new").sentence


def test_each_badge_and_each_use_has_a_key_of_its_own():
    one, other = Master(1, b"s" * 16), Master(2, b"t" * 16)
    made = [key for master in (one, other) for uid in (UID, b"1234567") for key in master.keys_of(uid).keys]
    assert len(set(made)) == len(made) - 2, "only the meta key is shared"
    assert one.keys_of(UID).keys[1] == one.keys_of(b"1234567").keys[1] == one.meta
