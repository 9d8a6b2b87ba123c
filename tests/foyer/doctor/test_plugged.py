"""USB readers are found in made-up trees of /sys, with what to set for each."""

import pytest

from foyer.doctor import plugged


def device(root, plug, vendor, product, name, interface_class):
    folder = root / "sys/bus/usb/devices"
    for where, files in (
        (plug, {"idVendor": vendor, "idProduct": product, "product": name}),
        (f"{plug}:1.0", {"bInterfaceClass": interface_class}),
    ):
        (folder / where).mkdir(parents=True)
        for file, text in files.items():
            if text:
                (folder / where / file).write_text(text + "\n")


@pytest.mark.parametrize(
    ("vendor", "product", "name", "interface_class", "found"),
    [
        ("072f", "223b", "ACR1252 Dual Reader", "0b", [("ACR1252 Dual Reader", "pcsc:")]),
        ("04e6", "5790", "", "0b", [("04e6:5790", "pcsc:")]),
        ("054c", "06c1", "NFC Port/PaSoRi 100 USB", "ff", [("NFC Port/PaSoRi 100 USB", "usb:054c:06c1")]),
        ("046d", "c31c", "Keyboard", "03", []),
    ],
)
def test_a_reader_is_known_by_its_class_or_its_numbers(
    tmp_path, vendor, product, name, interface_class, found
):
    device(tmp_path, "1-1.2", vendor, product, name, interface_class)
    assert list(plugged.readers(tmp_path)) == found


def test_what_to_set_is_said(tmp_path, say):
    device(tmp_path, "1-1", "072f", "2200", "ACR122U PICC Interface", "0b")
    (found,) = plugged.check(say, tmp_path)
    assert found.what == "A USB badge reader is plugged in: ACR122U PICC Interface."
    assert found.cure == 'Set [reader] device = "pcsc:".'


def test_a_machine_without_usb_has_none(tmp_path, say):
    assert plugged.check(say, tmp_path) == []
