"""The badge reader that the settings name: the one place that knows every kind."""

from typing import assert_never

from hardware.nfc_reader import NfcReader
from hardware.pcsc_reader import PcscReader
from hardware.reader import BadgeReader, OnCut, OnState, OnTap, Prove
from hardware.usb_nfc_reader import UsbNfcReader
from hardware.wedge_reader import WedgeReader
from kiosk.settings import ReaderKind, ReaderSettings


def reader_of(
    settings: ReaderSettings,
    *,
    on_tap: OnTap,
    on_state: OnState,
    prove: Prove | None = None,
    on_cut: OnCut | None = None,
) -> BadgeReader | None:
    """Return the reader that is set, not yet started; `None` if none is.

    Args:
        settings: Which, and how.
        on_tap: Called from the reader's thread, once per presentation of a card.
        on_state: Called from the reader's thread when it becomes ready, or is lost for a new reason.
        prove: Has a secure badge show that it knows its key; a reader that types cannot ask.
        on_cut: Called from the reader's thread when a card was taken away too soon.
    """
    match settings.kind:
        case ReaderKind.PN532:
            return NfcReader(
                settings.path,
                baud=settings.baud,
                felica=settings.felica,
                on_tap=on_tap,
                on_state=on_state,
                prove=prove,
                on_cut=on_cut,
            )
        case ReaderKind.PCSC:
            return PcscReader(settings.path, on_tap=on_tap, on_state=on_state, prove=prove, on_cut=on_cut)
        case ReaderKind.USB:
            return UsbNfcReader(
                settings.device,
                felica=settings.felica,
                on_tap=on_tap,
                on_state=on_state,
                prove=prove,
                on_cut=on_cut,
            )
        case ReaderKind.WEDGE:
            return WedgeReader(settings.path, settings.numbers, on_tap=on_tap, on_state=on_state)
        case ReaderKind.NONE:
            return None
        case _:
            assert_never(settings.kind)
