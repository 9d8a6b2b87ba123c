import pytest

from hardware.errors import HardwareError, ReaderFault, ReaderGone


@pytest.mark.parametrize("kind", ReaderFault)
def test_every_fault_says_where_and_what_to_do(kind):
    gone = ReaderGone(kind, "/dev/serial/by-id/usb-reader_0")
    assert "/dev/serial/by-id/usb-reader_0" in gone.sentence
    assert gone.sentence.count(". ") >= 1
    assert gone.kind is kind
    assert isinstance(gone, HardwareError)
