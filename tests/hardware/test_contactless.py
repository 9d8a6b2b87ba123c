"""What PC/SC says of readers and cards."""

import pytest

from hardware.contactless import choose, technology_of_atr
from hardware.reader import Technology


@pytest.mark.parametrize(
    ("names", "part", "chosen"),
    [
        ([], "", None),
        (["ACS ACR122U PICC Interface 00 00"], "", 0),
        (["ACS ACR122U PICC Interface 00 00"], "acr122", 0),
        (["ACS ACR122U PICC Interface 00 00"], "omnikey", None),
        (["HID Global OMNIKEY 5422 Smartcard Reader 00 00", "HID Global OMNIKEY 5422CL 00 01"], "5422cl", 1),
        (["ACS ACR1252 SAM Reader 01 00", "ACS ACR1252 Reader 00 00"], "", 1),
        (["Gemalto PC Twin Reader 00 00", "Identiv uTrust 3700 F CL Reader 00 00"], "", 1),
        (["one 00 00", "two 00 00"], "", 0),
    ],
)
def test_the_likeliest_reader_is_chosen(names, part, chosen):
    assert choose(names, part) == (None if chosen is None else names[chosen])


@pytest.mark.parametrize(
    ("atr", "technology"),
    [
        ("3B8F8001804F0CA0000003060300030000000068", Technology.TYPE_2),
        ("3B8F8001804F0CA000000306030001000000006A", Technology.CLASSIC),
        ("3B8F8001804F0CA0000003060300020000000069", Technology.CLASSIC),
        ("3B8F8001804F0CA00000030611003B0000000042", Technology.FELICA),
        ("3B8F8001804F0CA000000306030030000000005B", Technology.TYPE_1),
        ("3B8F8001804F0CA000000306037777000000005B", Technology.OTHER),
        ("3B8180018080", Technology.ISO_DEP),
        ("3B8A800100640455534944330090005D", Technology.ISO_DEP),
        ("3B6E00000080318066B0840C016E0183009000", Technology.OTHER),
        ("", Technology.OTHER),
    ],
)
def test_the_answer_to_reset_tells_the_kind_of_card(atr, technology):
    assert technology_of_atr(bytes.fromhex(atr)) is technology
