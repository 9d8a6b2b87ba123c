"""A network of its own for a test and the programs it starts, in which packets are lost: needs root.

The calling thread gets a network namespace with nothing but a loopback of its own, and so do the programs it
starts; nft drops what passes there.  Nobody is told: no reset, no refusal, as when a cable is pulled.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
"""Source: `sched.h`."""

_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
NFT = shutil.which("nft", path=_PATH)
IP = shutil.which("ip", path=_PATH)

_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """Return why there can be no such network here; empty if there can."""
    if os.geteuid() != 0:
        return "no root: packets cannot be dropped"
    if NFT is None or IP is None:
        return "nft or ip is missing (apt install nftables iproute2)"
    child = subprocess.run(
        ["/usr/bin/unshare", "--net", NFT, "list", "ruleset"], capture_output=True, check=False
    )
    return "" if child.returncode == 0 else "this machine gives no network namespaces"


class Packets:
    """What becomes of TCP packets of one port, in either direction."""

    def __init__(self) -> None:
        _nft("add table inet lossy")
        _nft("add chain inet lossy passing { type filter hook input priority 0; }")

    def lose(self, port: int, percent: int) -> None:
        """Lose so many of a hundred from now on, by chance; 100 is a cable that was pulled."""
        self.heal()
        chance = "" if percent >= 100 else f"numgen random mod 100 < {percent} "
        for side in ("sport", "dport"):
            _nft(f"add rule inet lossy passing tcp {side} {port} {chance}drop")

    def heal(self) -> None:
        """Lose none."""
        _nft("flush chain inet lossy passing")


@contextmanager
def own_network() -> Iterator[Packets]:
    """Be in a network of one's own until the block ends; whatever runs there must have ended by then."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        _called(_libc.unshare(CLONE_NEWNET))
        try:
            _run(str(IP), "link", "set", "lo", "up")
            yield Packets()
        finally:
            _called(_libc.setns(before, CLONE_NEWNET))
    finally:
        os.close(before)


def _nft(command: str) -> None:
    _run(str(NFT), command)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)


def _called(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
