"""The virtual NTAG 424 DNA: what it refuses, what it forgets, and the examples of AN12196 said to it."""

import pytest

from hardware import secure_commands, secure_session
from hardware.errors import CardLifted
from hardware.proving import META_KEY
from hardware.provisioning import FACTORY, KeySet, Programmed, Unsuitable, number_of, program
from hardware.reader import Transmit
from hardware.secure_badge import LARGEST_COUNTER, find_message, open_picc
from hardware.secure_commands import (
    OPEN_SETTINGS,
    SETTINGS,
    Refused,
    authenticate,
    change_settings,
    file_settings,
    key_version,
    read_message,
    select_application,
    true_number,
    write_content,
)
from hardware.secure_session import Session
from hardware.uid import Uid
from hardware.virtual.ntag424 import Ntag424
from tests.hardware.test_provisioning import UID, draw, keys_of

ZERO = bytes(16)
SELECT = bytes.fromhex("00A4040007D276000085010100")
FILE_2, FILE_3 = bytes.fromhex("00A4000C02E104"), bytes.fromhex("00A4000C02E105")


def selected() -> Ntag424:
    chip = Ntag424(UID)
    assert chip.command(SELECT) == b"\x90\x00"
    return chip


def entered(chip: Ntag424, number: int = 0) -> Session:
    session = authenticate(chip.command, number, chip.keys[number][0], draw(16))
    assert session is not None
    return session


def native(code: int, data: bytes = b"") -> bytes:
    return bytes([0x90, code, 0, 0, len(data)]) + data + b"\0"


def test_a_number_of_another_length_is_no_chip():
    with pytest.raises(ValueError, match="7 bytes"):
        Ntag424(b"1234")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", "6D00"),
        ("80CA0000", "6D00"),
        ("9060010000", "6D00"),
        ("00A4040007A000000000000100", "6A82"),
        ("00A4000C02E104", "6A82"),
        ("00B0000000", "6982"),
        ("9060000000", "911C"),
    ],
)
def test_before_its_application_is_selected_it_says_nothing(command: str, answer: str):
    assert Ntag424(UID).command(bytes.fromhex(command)).hex().upper() == answer


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00A4000C02E199", "6A82"),
        ("00B0000000", "6D00"),
        ("00CA0000", "6D00"),
        ("9012000000", "911C"),
        ("90AF000000", "911C"),
        ("9064000000", "917E"),
        ("906400000105" + "00", "9140"),
        ("9071000000", "917E"),
        ("90710000020500" + "00", "9140"),
        ("90F5000000", "917E"),
        ("905F000000", "917E"),
        ("905F0000020240" + "00", "919D"),
        ("90C4000000", "917E"),
        ("90C400000105" + "00", "9140"),
        ("90C40000020000" + "00", "91AE"),
        ("905C000000", "91AE"),
        ("9051000000", "91AE"),
        ("908D000000", "917E"),
        ("908D0000080300000001000000" + "00", "919D"),
    ],
)
def test_what_it_may_not_or_cannot_do_it_refuses(command: str, answer: str):
    assert selected().command(bytes.fromhex(command)).hex().upper() == answer


def test_it_tells_its_make_and_its_number_unless_that_is_hidden():
    for hides, number in ((False, UID), (True, bytes(7))):
        chip = selected()
        chip.hides_uid = hides
        pages = [chip.command(native(0x60)), chip.command(native(0xAF)), chip.command(native(0xAF))]
        assert [page[-2:].hex() for page in pages] == ["91af", "91af", "9100"]
        assert pages[0][:2] == b"\x04\x04"
        assert pages[2][:7] == number


def test_reading_counts_once_for_each_time_the_file_is_selected():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    before = chip.files[2].counter
    chip.field_off()
    chip.command(SELECT)
    chip.command(FILE_2)
    for place in (0, 16, 32):
        chip.command(bytes([0x00, 0xB0, 0, place, 16]))
    assert chip.files[2].counter == before + 1
    assert chip.command(bytes.fromhex("00B0010000")) == b"\x6a\x86"


def test_a_chip_that_has_counted_to_the_end_says_nothing_more():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    chip.files[2].counter = LARGEST_COUNTER
    chip.field_off()
    select_application(chip.command)
    assert read_message(chip.command) is None


def test_who_may_read_and_write_a_file_is_obeyed():
    chip = selected()
    chip.command(FILE_3)
    assert chip.command(bytes.fromhex("00B0000010")) == b"\x69\x82"
    assert chip.command(bytes.fromhex("00D60000020102")) == b"\x69\x82"
    entered(chip, 3)
    assert chip.command(bytes.fromhex("00D60000020102")) == b"\x90\x00"
    entered(chip, 2)
    chip.command(FILE_3)
    assert chip.command(bytes.fromhex("00B0000002")) == b"\x01\x02\x90\x00"
    assert chip.command(bytes.fromhex("00D600000201")) == b"\x69\x82"


def test_what_does_not_fit_is_not_written():
    chip = selected()
    chip.command(FILE_2)
    assert chip.command(bytes.fromhex("00D600FF020102")) == b"\x6a\x86"
    assert chip.command(native(0x8D, b"\x02" + bytes.fromhex("FF0000020000") + b"ab")) == b"\x91\x7e"
    assert chip.command(native(0x8D, b"\x02" + bytes.fromhex("000000030000") + b"ab")) == b"\x91\x7e"


def test_an_open_file_is_written_in_the_open_and_a_closed_one_in_secret():
    chip = selected()
    assert chip.command(native(0x8D, b"\x02" + bytes.fromhex("000000020000") + b"ab")) == b"\x91\x00"
    session, header = entered(chip, 3), b"\x03" + bytes.fromhex("000000020000")
    answer = chip.command(native(0x8D, header + session.protect(0x8D, header, b"xy")))
    assert session.is_answer(answer[:-2])
    assert (bytes(chip.files[2].content[:2]), bytes(chip.files[3].content[:2])) == (b"ab", b"xy")
    broken = chip.command(native(0x8D, header + session.protect(0x8D, header, b"xz")))
    assert broken == b"\x91\x1e", "the counter of the session has moved on"
    assert bytes(chip.files[3].content[:2]) == b"xy"


def test_a_broken_command_ends_the_authentication_and_changes_nothing():
    for code, header in ((0x5F, b"\x02"), (0xC4, b"\x01"), (0xC4, b"\x00"), (0x5C, b"\x00"), (0x51, b"")):
        chip = selected()
        before = (list(chip.keys), chip.files[2].settings)
        session = entered(chip)
        said = bytearray(session.protect(code, header, b"\x00" * 15))
        said[-1] ^= 1
        assert chip.command(native(code, header + bytes(said))) == b"\x91\x1e"
        assert chip.command(native(0xC4, b"\x00" + bytes(40))) == b"\x91\xae", "it must be entered again"
        assert (list(chip.keys), chip.files[2].settings) == before


def test_data_of_another_length_is_refused():
    for code, header, data in (
        (0x5F, b"\x02", bytes.fromhex("40E0EE")),
        (0x5F, b"\x02", b""),
        (0xC4, b"\x00", b"short"),
        (0xC4, b"\x01", b"short"),
    ):
        chip = selected()
        session = entered(chip)
        answer = chip.command(native(code, header + session.protect(code, header, data)))
        assert answer in {b"\x91\x7e", b"\x91\x1e"}
        assert chip.keys == [(ZERO, 0)] * 5


def test_a_wrong_key_is_counted_and_not_believed():
    chip = selected()
    assert authenticate(chip.command, 0, b"x" * 16, draw(16)) is None
    assert chip.failures == 1
    assert chip.command(native(0xAF, bytes(32))) == b"\x91\x1c"


def test_what_was_written_when_the_field_went_may_be_half_there():
    chip = selected()
    chip.command(FILE_2)
    chip.torn(bytes.fromhex("00D6000004") + b"abcd")
    assert bytes(chip.files[2].content[:4]) == b"ab\0\0"
    chip.torn(native(0xC4, bytes(40)))
    assert chip.keys == [(ZERO, 0)] * 5


def test_turning_the_message_on_sets_the_counter_back_and_changing_it_does_not():
    chip = selected()
    chip.files[2].counter = 9
    session = change_settings(chip.command, entered(chip), SETTINGS)
    assert chip.files[2].counter == 0
    chip.files[2].counter = 5
    session = change_settings(chip.command, session, SETTINGS)
    assert chip.files[2].counter == 5
    change_settings(chip.command, session, OPEN_SETTINGS)
    assert chip.files[2].settings == OPEN_SETTINGS


def test_a_blank_chip_that_hides_its_number_tells_it_to_the_factory_s_key():
    chip = Ntag424(UID)
    chip.hides_uid = True
    assert number_of(chip.command, Uid(b"\x08abc"), [keys_of(1).keys[META_KEY]], draw) == UID
    chip.field_off()
    assert isinstance(program(chip.command, keys_of(1), [], draw), Programmed)


def test_the_message_stands_where_the_settings_say():
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw)
    chip.field_off()
    chip.command(SELECT)
    chip.command(FILE_2)
    answer = chip.command(bytes([0x00, 0xB0, 0, 0, len(secure_commands.CONTENT)]))
    assert answer.startswith(secure_commands.CONTENT[:16])
    message = find_message(answer)
    assert message is not None
    data = open_picc(keys_of(1).keys[META_KEY], message)
    assert data is not None
    assert (data.uid, data.counter) == (UID, 2)


def refusing(code: int, chip: Ntag424, answer: bytes = b"\x91\x0b") -> Transmit:
    """A chip that refuses one command, whatever it says."""
    return lambda command: answer if command[1] == code else chip.command(command)


@pytest.mark.parametrize(
    ("code", "work"),
    [
        (0xD6, lambda chip, send: write_content(send)),
        (0xA4, lambda chip, send: write_content(send)),
        (0xF5, lambda chip, send: file_settings(send)),
        (0x51, lambda chip, send: true_number(send, entered(chip))),
        (0x5F, lambda chip, send: change_settings(send, entered(chip), SETTINGS)),
        (0x5C, lambda chip, send: secure_commands.hide_number(send, entered(chip))),
        (0xC4, lambda chip, send: secure_commands.change_key(send, entered(chip), 1, ZERO, b"k" * 16, 1)),
    ],
)
def test_what_the_chip_refuses_without_a_reason_of_ours_is_an_error_that_names_no_key(code, work):
    chip = selected()
    with pytest.raises(Refused, match=f"{code:02X}: 910B"):
        work(chip, refusing(code, chip))


class Tiring:
    """A chip that hears one command so often, and no more."""

    def __init__(self, chip: Ntag424, command: bytes, times: int) -> None:
        self.chip, self.what, self.times = chip, command, times

    def __call__(self, command: bytes) -> bytes:
        if command.startswith(self.what):
            self.times -= 1
        tired = self.times < 0 and command.startswith(self.what)
        return b"\x91\x0b" if tired else self.chip.command(command)


@pytest.mark.parametrize("times", range(5))
def test_a_chip_that_stops_proving_its_key_is_left_with_the_key_it_has(times: int):
    chip = Ntag424(UID)
    chip.keys[2] = (b"x" * 16, 7)
    assert program(Tiring(chip, b"\x90\x71", times), keys_of(1), [], draw) is Unsuitable.FOREIGN
    assert chip.keys[0] == (ZERO, 0)


@pytest.mark.parametrize("before", [[], [keys_of(7)]])
def test_a_chip_that_tells_no_versions_is_programmed_by_trying(before: list[KeySet]):
    chip = Ntag424(UID)
    silent = Tiring(chip, b"\x90\x64", 0)
    for keys in before:
        program(silent, keys, [], draw)
        chip.field_off()
    for again in (False, True):
        assert isinstance(program(silent, keys_of(1), before, draw), Programmed), again
        assert chip.keys == [(key, 1) for key in keys_of(1).keys]
        chip.field_off()


def test_a_chip_that_is_not_there_any_more_in_the_end_is_not_called_programmed():
    done = program(Tiring(Ntag424(UID), SELECT[:5], 2), keys_of(1), [], draw)
    assert done is Unsuitable.BROKEN


def test_an_answer_without_its_proof_is_not_believed():
    chip = selected()
    session = entered(chip)
    for answer in (b"\x91\x00", bytes(8) + b"\x91\x00"):
        with pytest.raises(Refused):
            change_settings(refusing(0x5F, chip, answer), session, SETTINGS)
        with pytest.raises(Refused):
            secure_commands.change_key(refusing(0xC4, chip, answer), session, 1, ZERO, b"k" * 16, 1)
        with pytest.raises(Refused):
            true_number(refusing(0x51, chip, answer), session)
    with pytest.raises(Refused):
        file_settings(lambda _: b"\x91\x00")


def test_an_error_says_what_was_refused_and_no_answer_is_one():
    assert "no answer" in str(Refused(0xC4, b""))


def test_words_of_the_wrong_kind_end_an_authentication():
    assert authenticate(lambda _: b"\x91\xae", 0, ZERO, draw(16)) is None
    assert authenticate(lambda _: b"\x01\x91\xaf", 0, ZERO, draw(16)) is None
    assert key_version(lambda _: b"\x91\x40", 0) is None


def test_what_an_answer_hides_is_only_opened_if_it_is_sound():
    session = Session(b"e" * 16, b"m" * 16, b"tiii")
    hidden = session.hide_answer(UID)
    sound = hidden + session.answer_mac(hidden)
    assert session.open_answer(sound) == UID
    assert session.open_answer(sound[:-1] + b"x") is None
    assert session.open_answer(sound[8:]) is None
    assert session.open_answer(session.answer_mac(b"")) is None
    assert secure_session.MAC_BYTES == 8


def test_a_card_gone_while_it_is_asked_for_its_file_is_lifted_and_nothing_else():
    def gone(_command: bytes) -> bytes:
        raise CardLifted

    with pytest.raises(CardLifted):
        program(gone, keys_of(1), [FACTORY], draw)
