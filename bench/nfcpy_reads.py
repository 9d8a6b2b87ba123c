"""What nfcpy spends by itself on the reads that `foyer bench reader` counts.

Run by it beside the kiosk's own reader, on a virtual chip of its own.  Each line on standard input
names a read; when it is done, one line of JSON says so, and the parent looks at the chip's counts.

    python bench/nfcpy_reads.py DEVICE
"""

import json
import logging
import sys

import nfc.clf
import nfc.tag
from nfc.clf import pn532, transport

SAM_NORMAL = bytes.fromhex("0000FF05FBD4140100001700")


def main() -> None:
    """Open the chip at 115200 baud, as nfcpy does, and read on demand."""
    line = transport.TTY(sys.argv[1])
    line.write(bytes(10) + SAM_NORMAL)
    line.read(timeout=1000)
    line.read(timeout=1000)
    silent = logging.getLogger("nfcpy-reads")
    device = pn532.Device(pn532.Chipset(line, logger=silent), logger=silent)
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = device
    device._path = sys.argv[1]  # noqa: SLF001 - what nfcpy's own open does
    print(json.dumps({"ready": True}), flush=True)
    for wanted in sys.stdin:
        commands = json.loads(wanted)
        target = frontend.sense(nfc.clf.RemoteTarget("106A"))
        if commands and target is not None:
            tag = nfc.tag.activate(frontend, target)
            for command in commands:
                tag.transceive(bytes.fromhex(command))
        print(json.dumps({"found": target is not None}), flush=True)
    line.close()


if __name__ == "__main__":
    logging.getLogger("nfc").setLevel(logging.CRITICAL)
    main()
