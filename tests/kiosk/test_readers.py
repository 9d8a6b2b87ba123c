"""Every kind of reader that can be set is made as it was set."""

import pytest

from hardware.nfc_reader import NfcReader
from hardware.pcsc_reader import PcscReader
from hardware.usb_nfc_reader import UsbNfcReader
from hardware.wedge_reader import WedgeReader
from kiosk.readers import reader_of
from kiosk.settings import ReaderKind, ReaderSettings

KINDS = {
    "pn532:/dev/no-such-port": NfcReader,
    "pcsc:no such reader": PcscReader,
    "usb:0000:0000": UsbNfcReader,
    "wedge:/dev/input/no-such-event": WedgeReader,
    "none": type(None),
}


@pytest.mark.parametrize(("device", "kind"), KINDS.items())
def test_every_kind_is_made(device, kind):
    reader = reader_of(ReaderSettings(device=device), on_tap=print, on_state=print)
    assert isinstance(reader, kind)
    if reader is not None:
        reader.start()
        reader.stop()


def test_no_kind_is_left_out():
    assert {device.partition(":")[0] for device in KINDS} == {kind.value for kind in ReaderKind}
