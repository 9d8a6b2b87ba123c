import pytest

from hardware.virtual.cards import Felica, IsoDepCard, MifareClassic, Ntag213, Phone
from hardware.virtual.chip import Answer, Chip, Work, _crc_a
from hardware.virtual.faults import Fault, Scheduled, damage, next_fault
from hardware.virtual.frames import encode

UID_7 = bytes.fromhex("04112233445566")
SAM, LIST_A, LIST_F = "D4140100", "D44A0100", "D44A010100FFFF0100"


@pytest.fixture
def chip():
    """A chip that is awake and configured."""
    chip = Chip()
    chip.hear(bytes(10))
    assert run(chip, SAM) == "D515"
    return chip


def run(chip, command):
    data = chip.execute(bytes.fromhex(command)).data
    return None if data is None else data.hex().upper()


def test_a_sleeping_chip_loses_what_comes_without_a_preamble():
    chip = Chip()
    assert chip.hear(b"\x00\x00\xff\x02") == b""
    assert chip.hear(b"\x00\x00\xff\x02") == b"\x00\x00\xff\x02"
    assert Chip().hear(bytes(10) + b"\xff") == bytes(10) + b"\xff"


def test_the_radio_has_no_power_before_sam_configuration():
    assert Chip().execute(bytes.fromhex(LIST_A)) == Answer(None)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("D402", "D50332010607"),
        ("D400001122", "D501001122"),
        ("D40001", "D50100"),
        ("D404", "D50500000080"),
        ("D41200", "D513"),
        ("D4320501FF01", "D533"),
        (LIST_A, "D54B00"),
        (LIST_F, "D54B00"),
        ("D44A0103 00", "D54B00"),
        ("D4063302", "D50700"),
    ],
)
def test_commands_are_answered_as_the_manual_says(chip, command, answer):
    assert run(chip, command) == answer


@pytest.mark.parametrize(
    "command", ["", "D4", "D502", "D4FF", "D400", "D40009", "D4108F", "D414", "D41409", "D4086302"]
)
def test_what_the_chip_cannot_take_is_a_syntax_error(chip, command):
    assert chip.execute(bytes.fromhex(command)) == Answer(None)


def test_a_written_register_reads_back(chip):
    assert run(chip, "D40863025A") == "D509"
    assert run(chip, "D4066302") == "D5075A"


def test_a_new_speed_waits_for_the_hosts_ack(chip):
    assert run(chip, "D41008") == "D511"
    assert chip.baud == 115200
    assert run(chip, "D41007") == "D511"
    chip.switch_baud()
    chip.switch_baud()
    assert chip.baud == 921600


def test_power_down_sends_the_chip_to_sleep(chip):
    assert run(chip, "D41620") == "D51700"
    assert not chip.awake


def test_the_field_shows_in_the_register_the_driver_looks_at(chip):
    run(chip, "D4320101")
    assert run(chip, "D4066304") == "D50703"
    run(chip, "D4320102")
    assert run(chip, "D4066304") == "D50700"


def test_a_type_a_card_is_listed_with_its_whole_number(chip):
    chip.put(Ntag213(UID_7))
    assert run(chip, LIST_A) == "D54B0101" + "0044" + "00" + "07" + UID_7.hex().upper()
    assert run(chip, "D404") == "D50500000180"


@pytest.mark.parametrize(
    ("uid", "selection"),
    [
        ("01020304", "01020304"),
        ("04112233445566", "8804112233445566"),
        ("04112233445566778899", "88041122 88334455 66778899"),
    ],
)
def test_a_card_is_selected_by_its_number(chip, uid, selection):
    chip.put(MifareClassic(bytes.fromhex(uid)))
    assert run(chip, LIST_A + selection).startswith("D54B01")
    assert run(chip, LIST_A + "DEADBEEF") == "D54B00"


def test_a_felica_card_answers_to_its_system_code_only(chip):
    chip.put(Felica(bytes(range(8))))
    assert run(chip, LIST_F).startswith("D54B0101" + "14" + "01" + "0001020304050607")
    assert run(chip, LIST_F).endswith("88B4")
    assert run(chip, "D44A01010088B40000").startswith("D54B0101" + "12")
    assert run(chip, "D44A010100123401 00") == "D54B00"
    assert run(chip, LIST_A) == "D54B00"


def test_a_card_of_another_technology_stays_silent(chip):
    chip.put(Ntag213(UID_7))
    assert run(chip, LIST_F) == "D54B00"


def test_looking_for_a_card_says_how_long_it_took(chip):
    assert chip.execute(bytes.fromhex(LIST_A)).work is Work.MISS
    chip.put(Ntag213(UID_7))
    assert chip.execute(bytes.fromhex(LIST_A)).work is Work.HIT
    assert chip.execute(bytes.fromhex("D402")).work is Work.COMMAND


def test_a_card_is_spoken_to_only_after_it_was_listed(chip):
    chip.put(Ntag213(UID_7))
    assert run(chip, "D4423000") == "D54301"
    run(chip, LIST_A)
    assert run(chip, "D44230 00") == "D54300" + Ntag213(UID_7).memory[:16].hex().upper()
    chip.put(None)
    assert run(chip, "D4423000") == "D54301"


def test_a_lost_field_makes_the_card_forget_and_the_chip_too(chip):
    card = Ntag213(UID_7)
    chip.put(card)
    run(chip, LIST_A)
    run(chip, "D4320102")
    assert card.exchange(b"\x60") is None
    assert run(chip, "D44260") == "D54301"


def test_a_command_from_another_sender_is_a_syntax_error(chip):
    assert chip.execute(bytes.fromhex("D502")) == Answer(None)


def test_a_mifare_classic_is_silent_to_everything(chip):
    chip.put(MifareClassic(b"1234"))
    run(chip, LIST_A)
    assert run(chip, "D4426000") == "D54301"


def test_with_crc_checking_off_the_crc_comes_along_and_an_ack_is_readable(chip):
    chip.put(Ntag213(UID_7))
    run(chip, LIST_A)
    assert run(chip, "D442A20400000000") == "D54302"
    run(chip, "D408630300")
    assert run(chip, "D442A20400000000") == "D543000A"
    assert run(chip, "D44260") == "D54300" + "0004040201000F03" + "8091"


def test_the_crc_is_the_one_of_the_standard():
    assert _crc_a(bytes.fromhex("3000")) == bytes.fromhex("02A8")
    assert _crc_a(bytes.fromhex("5000")) == bytes.fromhex("57CD")


def test_in_data_exchange_reaches_the_card(chip):
    chip.put(Ntag213(UID_7))
    run(chip, LIST_A)
    assert run(chip, "D4400160") == "D54100" + "0004040201000F03"
    assert run(chip, "D4400199") == "D54101"


def test_a_felica_card_takes_no_command(chip):
    chip.put(Felica(bytes(8)))
    run(chip, LIST_F)
    assert run(chip, "D4420600") == "D54301"


def test_an_ntag213_reads_round_the_end_and_refuses_what_it_has_not():
    card = Ntag213(UID_7, b"\xd0\x00\x00")
    assert card.exchange(b"\x30\x00") is None
    card.select()
    assert card.exchange(b"\x30\x00")[:4] == UID_7[:3] + bytes([0x88 ^ 0x04 ^ 0x11 ^ 0x22])
    assert card.exchange(b"\x30\x03")[:4] == bytes.fromhex("E1101200")
    assert card.exchange(b"\x30\x2c")[4:8] == UID_7[:3] + bytes([0x88 ^ 0x04 ^ 0x11 ^ 0x22])
    assert card.exchange(b"\x3a\x04\x05") == bytes.fromhex("0103A00C340303D0")
    assert card.exchange(b"\xa2\x10ABCD") == b"\x0a"
    assert card.exchange(b"\x30\x10")[:4] == b"ABCD"
    assert card.exchange(b"\xa2\x00ABCD") is None
    assert card.exchange(b"\x30\x00") is None, "silent until it is selected again"
    card.select()
    card.field_off()
    assert card.exchange(b"\x60") is None


def test_an_ntag213_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="7 bytes"):
        Ntag213(bytes(4))
    with pytest.raises(ValueError, match="got 200"):
        Ntag213(UID_7, bytes(200))
    Ntag213(UID_7, bytes(136))


def test_an_iso_dep_card_answers_once_it_is_activated():
    card = IsoDepCard(UID_7)
    card.select()
    assert card.exchange(b"\xb2") is None
    assert card.exchange(b"\xe0\x80") == bytes.fromhex("067577810280")
    assert card.exchange(b"\xe0\x80") is None
    assert card.exchange(b"\xb2") == b"\xa3", "its block number begins at 1"
    assert card.exchange(b"\xb2") == b"\xa3", "however often"
    assert card.exchange(b"\x02\x00\xa4") == b"\x02\x6a\x82"
    assert card.exchange(b"\xc2") == b"\xc2"
    assert card.exchange(b"\xb2") is None
    card.field_off()
    assert card.uid == UID_7


def test_a_phone_draws_a_new_number_each_time_the_field_goes():
    draws = iter([b"abc", b"def", b"ghi"])
    phone = Phone(lambda: next(draws))
    assert phone.uid == b"\x08abc"
    phone.select()
    assert phone.uid == b"\x08abc"
    phone.field_off()
    assert phone.uid == b"\x08def"
    assert len({Phone().uid for _ in range(20)}) > 1


def test_faults_strike_in_order_and_are_used_up():
    plan = (Scheduled(Fault.GARBAGE, command=2, skip=1, times=2), Scheduled(Fault.MUTE))
    struck = []
    for command in (2, 2, 2, 2, 4, 2):
        plan, fault = next_fault(plan, command)
        struck.append(fault)
    assert struck == [None, Fault.GARBAGE, Fault.GARBAGE, Fault.MUTE, None, None]
    assert plan == ()


def test_a_fault_without_end_stays():
    plan = (Scheduled(Fault.MUTE, times=None),)
    assert next_fault(plan, 7) == (plan, Fault.MUTE)


def test_a_fault_waits_for_its_command():
    plan = (Scheduled(Fault.MUTE, command=2),)
    assert next_fault(plan, 4) == (plan, None)


@pytest.mark.parametrize("fault", [Fault.SHORT_FRAME, Fault.GARBAGE, Fault.BAD_CHECKSUM])
def test_damage_changes_the_frame(fault):
    assert damage(fault, encode(b"\xd5\x03")) != encode(b"\xd5\x03")


@pytest.mark.parametrize("fault", [None, Fault.SLOW, Fault.UNPLUG])
def test_a_fault_of_another_kind_leaves_the_frame_alone(fault):
    assert damage(fault, encode(b"\xd5\x03")) == encode(b"\xd5\x03")
