"""A badge is programmed, lifted at any moment, gone on with: it works in the end, nobody is locked out."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.errors import CardLifted
from hardware.proving import META_KEY, MUTUAL_KEY, SUN_KEY, BadgeKeys, prover
from hardware.provisioning import (
    FACTORY,
    Examined,
    KeySet,
    Programmed,
    Unsuitable,
    examine,
    number_of,
    program,
)
from hardware.reader import Proven, Unproven
from hardware.secure_badge import diversify
from hardware.secure_commands import Refused, read_message
from hardware.uid import Uid
from hardware.virtual.ntag424 import Ntag424

UID = bytes.fromhex("04A1B2C3D4E5F6")


def draw(size: int) -> bytes:
    return bytes(range(1, size + 1))


def keys_of(version: int, uid: bytes = UID) -> KeySet:
    about = [uid, b"no number", uid, uid, uid]
    made = (diversify(bytes([version]) * 16, bytes([n]) + b"of a test" + about[n]) for n in range(5))
    return KeySet(version, tuple(made))


@dataclass
class Hand:
    """Holds a badge to a reader, and takes it away at one moment."""

    chip: Ntag424
    commands: int = 0
    lift_at: int | None = None
    how: str = "before"
    """Whether the chip has not heard the command then, has done half of it, or all and was not heard."""
    said: list[bytes] = field(default_factory=list)

    def transmit(self, command: bytes) -> bytes:
        self.commands += 1
        if self.commands == self.lift_at:
            if self.how == "after":
                self.chip.command(command)
            elif self.how == "during":
                self.chip.torn(command)
            self.chip.field_off()
            raise CardLifted
        answer = self.chip.command(command)
        self.said += [command, answer]
        return answer


@dataclass
class Ring:
    """Keys as a kiosk knows them."""

    keys: KeySet
    mutual: bool = False
    uids: tuple[bytes, ...] = (UID,)
    some_hide: bool = False

    @property
    def metas(self) -> dict[int, bytes]:
        return {self.keys.version: self.keys.keys[META_KEY]}

    def of(self, uid: bytes) -> BadgeKeys | None:
        if uid not in self.uids:
            return None
        own = self.keys
        return BadgeKeys(own.version, own.keys[SUN_KEY], own.keys[MUTUAL_KEY], self.mutual)


def works(chip: Ntag424, keys: KeySet) -> bool:
    chip.field_off()
    shown = [
        prover(lambda r=r: r, draw)(Uid(UID), chip.command) for r in (Ring(keys), Ring(keys, mutual=True))
    ]
    return all(isinstance(proof, Proven) and proof.key == keys.version for proof in shown)


def test_a_blank_badge_is_programmed_and_works():
    chip, hand = Ntag424(UID), Hand(Ntag424(UID))
    hand.chip = chip
    assert program(hand.transmit, keys_of(1), [], draw) == Programmed(1)
    assert works(chip, keys_of(1))
    assert chip.failures == 0
    assert all(key != FACTORY.keys[0] for key, _ in chip.keys)
    assert not any(key in said for key in keys_of(1).keys for said in hand.said)


def lengths() -> int:
    hand = Hand(Ntag424(UID))
    program(hand.transmit, keys_of(1), [], draw, hide=True)
    return hand.commands


def moments() -> list[tuple[int, str]]:
    return [(at, how) for at in range(1, lengths() + 1) for how in ("before", "during", "after")]


@pytest.mark.parametrize(("at", "how"), moments())
@pytest.mark.parametrize("hide", [False, True])
def test_lifted_at_any_moment_it_is_gone_on_with(at: int, how: str, hide: bool):  # noqa: FBT001 - a parameter
    chip = Ntag424(UID)
    try:
        done = program(Hand(chip, lift_at=at, how=how).transmit, keys_of(1), [], draw, hide=hide)
    except CardLifted:
        shown = Uid(b"\x08abc") if chip.hides_uid else Uid(UID)
        number = number_of(chip.command, shown, [keys_of(1).keys[META_KEY]], draw)
        assert number == UID
        chip.field_off()
        done = program(chip.command, keys_of(1), [], draw, hide=hide)
    assert isinstance(done, Programmed)
    assert chip.hides_uid is hide
    assert works(chip, keys_of(1))
    assert chip.failures <= 1


@pytest.mark.parametrize("second", range(1, 25, 3))
def test_lifted_twice_it_still_works_in_the_end(second: int):
    for first in range(1, 30):
        chip = Ntag424(UID)
        for at in (first, second):
            try:
                program(Hand(chip, lift_at=at, how="after").transmit, keys_of(1), [], draw)
            except CardLifted:
                chip.field_off()
        assert isinstance(program(chip.command, keys_of(1), [], draw), Programmed)
        assert works(chip, keys_of(1))


def test_programming_a_badge_again_changes_nothing_but_its_counter():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    keys, content = list(chip.keys), bytes(chip.files[2].content)
    chip.field_off()
    assert program(chip.command, keys_of(1), [], draw) == Programmed(2)
    assert (chip.keys, bytes(chip.files[2].content), chip.failures) == (keys, content, 0)


def test_with_a_new_secret_the_keys_change_and_the_counter_goes_on():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    chip.field_off()
    assert program(chip.command, keys_of(2), [keys_of(1)], draw) == Programmed(2)
    assert works(chip, keys_of(2))
    assert chip.failures == 0


@pytest.mark.parametrize("at", range(1, 30))
def test_a_change_to_a_new_secret_can_be_cut_off_anywhere(at: int):
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    chip.field_off()
    try:
        program(Hand(chip, lift_at=at, how="after").transmit, keys_of(2), [keys_of(1)], draw)
    except CardLifted:
        chip.field_off()
    assert isinstance(program(chip.command, keys_of(2), [keys_of(1)], draw), Programmed)
    assert works(chip, keys_of(2))


def test_a_version_that_lies_costs_tries_and_no_more():
    chip = Ntag424(UID)
    chip.keys = [(FACTORY.keys[0], 7)] + [(FACTORY.keys[0], 9)] * 4
    assert isinstance(program(chip.command, keys_of(1), [keys_of(2)], draw), Programmed)
    assert works(chip, keys_of(1))
    assert chip.failures == 1


def test_a_badge_with_keys_of_somebody_else_is_left_as_it_is():
    chip = Ntag424(UID)
    program(chip.command, keys_of(9), [], draw)
    chip.field_off()
    before = (list(chip.keys), bytes(chip.files[2].content))
    assert program(chip.command, keys_of(1), [], draw) is Unsuitable.FOREIGN
    assert (list(chip.keys), bytes(chip.files[2].content)) == before


def test_one_key_of_somebody_else_is_found_out_before_key_0_is_changed():
    chip = Ntag424(UID)
    chip.keys[2] = (b"x" * 16, 5)
    assert program(chip.command, keys_of(1), [], draw) is Unsuitable.FOREIGN
    assert chip.keys[0] == (FACTORY.keys[0], 0)


def test_a_key_of_somebody_else_under_our_version_is_found_out_in_the_end():
    chip = Ntag424(UID)
    chip.keys[3] = (b"x" * 16, 1)
    assert program(chip.command, keys_of(1), [], draw) is Unsuitable.BROKEN


@pytest.mark.parametrize("number", [1, 2])
def test_what_it_does_not_show_is_not_called_programmed(number: int):
    chip = Ntag424(UID)
    chip.keys[number] = (b"x" * 16, 1)
    assert program(chip.command, keys_of(1), [], draw) is Unsuitable.BROKEN


def test_settings_of_an_earlier_use_are_taken_back_first():
    chip = Ntag424(UID)
    chip.files[2].settings = bytes.fromhex("000000")
    assert isinstance(program(chip.command, keys_of(1), [], draw), Programmed)


def test_settings_nobody_may_change_are_said():
    chip = Ntag424(UID)
    chip.files[2].settings = bytes.fromhex("00EFEE")
    with pytest.raises(Refused, match="5F"):
        program(chip.command, keys_of(1), [], draw)


class NoChip:
    """A card that knows no such application."""

    def transmit(self, _command: bytes) -> bytes:
        return b"\x6a\x82"


def test_a_phone_is_no_badge_to_program():
    assert program(NoChip().transmit, keys_of(1), [], draw) is Unsuitable.NO_CHIP
    assert examine(NoChip().transmit, keys_of(1), draw) is Unsuitable.NO_CHIP
    assert number_of(NoChip().transmit, Uid(b"\x08abc"), [], draw) is None
    assert number_of(NoChip().transmit, Uid(UID), [], draw) == UID


def type_4(command: bytes) -> bytes:
    """A card with an NDEF application and nothing else of ours: a DESFire, a phone that plays a tag."""
    return b"\x90\x00" if command[0] == 0 else b"\x91\x1c"


def test_a_tag_of_another_make_is_no_badge_to_program():
    assert program(type_4, keys_of(1), [], draw) is Unsuitable.NO_CHIP
    assert examine(type_4, keys_of(1), draw) is Unsuitable.NO_CHIP


def test_a_badge_is_examined():
    chip = Ntag424(UID)
    assert examine(chip.command, keys_of(1), draw) == Examined((0,) * 5, makes_messages=False, healthy=False)
    chip.field_off()
    program(chip.command, keys_of(1), [], draw)
    chip.field_off()
    assert examine(chip.command, keys_of(1), draw) == Examined((1,) * 5, makes_messages=True, healthy=True)
    chip.field_off()
    assert examine(chip.command, keys_of(2), draw) == Examined((1,) * 5, makes_messages=True, healthy=False)
    chip.field_off()
    assert examine(chip.command, None, draw) == Examined((1,) * 5, makes_messages=True, healthy=False)


def test_a_hidden_number_is_told_to_whoever_has_the_keys_only():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw, hide=True)
    chip.field_off()
    assert number_of(chip.command, Uid(b"\x08abc"), [keys_of(1).keys[META_KEY]], draw) == UID
    chip.field_off()
    assert number_of(chip.command, Uid(b"\x08abc"), [keys_of(2).keys[META_KEY]], draw) is None


# What a kiosk asks


def programmed() -> Ntag424:
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    chip.field_off()
    return chip


def asked(chip: Ntag424, ring: Ring, uid: bytes = UID) -> tuple[object, int]:
    chip.field_off()
    hand = Hand(chip)
    return prover(lambda: ring, draw)(Uid(uid), hand.transmit), hand.commands


def test_a_message_takes_three_commands_and_counts_up():
    chip, ring = programmed(), Ring(keys_of(1))
    assert asked(chip, ring) == (Proven(Uid(UID), 1, 2), 3)
    assert asked(chip, ring) == (Proven(Uid(UID), 1, 3), 3)


def test_mutual_authentication_takes_three_commands_and_nothing_to_replay():
    assert asked(programmed(), Ring(keys_of(1), mutual=True)) == (Proven(Uid(UID), 1), 3)


def test_a_card_nobody_gave_a_key_to_is_not_asked_anything():
    assert asked(programmed(), Ring(keys_of(1), uids=())) == (None, 0)


def test_a_number_on_a_card_without_the_chip_shows_nothing_after_one_command():
    hand: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        hand.append(command)
        return b"\x6a\x82"

    assert prover(lambda: Ring(keys_of(1)), draw)(Uid(UID), transmit) is None
    assert len(hand) == 1


def test_phones_are_asked_only_where_badges_hide_their_number():
    asked_them: list[bytes] = []

    def phone(command: bytes) -> bytes:
        asked_them.append(command)
        return b"\x6a\x82"

    assert prover(lambda: Ring(keys_of(1)), draw)(Uid(b"\x08abc"), phone) is None
    assert asked_them == []
    assert prover(lambda: Ring(keys_of(1), some_hide=True), draw)(Uid(b"\x08abc"), phone) is None
    assert len(asked_them) == 1


@pytest.mark.parametrize(("mutual", "commands"), [(False, 3), (True, 5)])
def test_a_badge_that_hides_its_number_shows_it_with_its_key(mutual: bool, commands: int):  # noqa: FBT001
    chip = programmed()
    proof, count = asked(chip, Ring(keys_of(1), mutual=mutual, some_hide=True), b"\x08abc")
    assert isinstance(proof, Proven)
    assert (proof.uid, count) == (Uid(UID), commands)


def test_a_stranger_that_hides_its_number_is_no_badge():
    assert asked(programmed(), Ring(keys_of(1), uids=(), some_hide=True), b"\x08abc") == (None, 3)
    assert asked(programmed(), Ring(keys_of(2), some_hide=True), b"\x08abc") == (None, 3)


@pytest.mark.parametrize("mutual", [False, True])
def test_a_blank_chip_with_a_copied_number_has_the_wrong_key(mutual: bool):  # noqa: FBT001 - a parameter
    proof, count = asked(Ntag424(UID), Ring(keys_of(1), mutual=mutual))
    assert proof is Unproven.WRONG_KEY
    assert count <= 4


@pytest.mark.parametrize("mutual", [False, True])
def test_a_chip_with_a_copied_number_and_keys_of_its_own_is_forged(mutual: bool):  # noqa: FBT001
    chip = programmed()
    ring = Ring(KeySet(1, tuple(b"other keys here!" for _ in range(5))), mutual=mutual)
    proof, count = asked(chip, ring)
    assert proof is Unproven.FORGED
    assert count == 4


def test_a_badge_of_one_secret_is_not_one_of_another():
    @dataclass
    class Two(Ring):
        @property
        def metas(self) -> dict[int, bytes]:
            return {2: keys_of(2).keys[META_KEY], 1: keys_of(1).keys[META_KEY]}

    assert asked(programmed(), Two(keys_of(2)))[0] is Unproven.WRONG_KEY
    assert asked(programmed(), Ring(keys_of(2)))[0] is Unproven.WRONG_KEY


def test_right_meta_key_and_wrong_own_key_is_forged():
    own = keys_of(1)
    mixed = KeySet(1, (*own.keys[:SUN_KEY], b"not its own key!", own.keys[4]))
    assert asked(programmed(), Ring(mixed))[0] is Unproven.FORGED


def test_the_message_of_another_badge_is_forged():
    other = bytes.fromhex("04FFFFFFFFFFFF")
    proof, _ = asked(programmed(), Ring(keys_of(1), uids=(UID, other)), other)
    assert proof is Unproven.FORGED


def test_a_recording_says_the_counter_of_the_moment_it_was_made():
    chip, ring = programmed(), Ring(keys_of(1))
    hand = Hand(chip)
    first = prover(lambda: ring, draw)(Uid(UID), hand.transmit)
    answers = iter(hand.said[1::2])
    assert prover(lambda: ring, draw)(Uid(UID), lambda _: next(answers)) == first


def test_a_recording_of_mutual_authentication_is_worth_nothing():
    chip, ring = programmed(), Ring(keys_of(1), mutual=True)
    chances = iter(bytes([n]) * 16 for n in range(1, 9))
    hand = Hand(chip)
    assert isinstance(prover(lambda: ring, lambda _: next(chances))(Uid(UID), hand.transmit), Proven)
    answers = iter([*hand.said[1::2], b"\x01\x91\x00"])
    replayed = prover(lambda: ring, lambda _: next(chances))(Uid(UID), lambda _: next(answers))
    assert replayed is Unproven.FORGED


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("mutual", [False, True])
def test_lifted_while_it_is_asked_is_said_and_not_called_forged(at: int, mutual: bool):  # noqa: FBT001
    ring = Ring(keys_of(1), mutual=mutual)
    with pytest.raises(CardLifted):
        prover(lambda: ring, draw)(Uid(UID), Hand(programmed(), lift_at=at).transmit)


@settings(deadline=None)
@given(bit=st.integers(0, 8 * 48 - 1), mutual=st.booleans(), late=st.booleans())
def test_any_bit_that_is_flipped_on_the_way_makes_it_forged(bit: int, mutual: bool, late: bool):  # noqa: FBT001
    chip, ring = programmed(), Ring(keys_of(1), mutual=mutual)
    wanted = (0xAF if late else 0x71) if mutual else 0xB0

    def transmit(command: bytes) -> bytes:
        answer = bytearray(chip.command(command))
        if command[1] == wanted:
            digits = [*range(16, 48), *range(51, 67)]  # where identity and proof stand
            place = bit // 8 % 16 if mutual else digits[bit // 8]
            answer[place + (4 if mutual and late else 0)] ^= 1 << bit % 8
        return bytes(answer)

    assert prover(lambda: ring, draw)(Uid(UID), transmit) is Unproven.FORGED


def test_a_card_with_the_application_and_without_the_file_has_no_message():
    assert read_message(lambda _: b"\x6a\x82") is None


def test_any_answer_at_all_is_a_value_and_never_an_exception():
    for answer in (b"", b"\x90", b"\x90\x00", b"\x91\xaf", bytes(16) + b"\x91\xaf", bytes(300) + b"\x90\x00"):
        for mutual in (False, True):
            ring = Ring(keys_of(1), mutual=mutual)
            proof = prover(lambda ring=ring: ring, draw)(Uid(UID), lambda _, a=answer: a)
            assert proof is None or isinstance(proof, Unproven)
