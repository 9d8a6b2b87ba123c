"""The first packet to a broker and its answer, byte for byte: who is there, and whether we are let in.

paho, in `plumbing.mqtt`, hides what went wrong behind one sentence and tries again for ever; here
every step has a name.  On the wire: CONNECT (0x10), answered by CONNACK (0x20).
Source: OASIS MQTT 3.1.1 and 5.0, sections 3.1 and 3.2.
"""

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from plumbing.errors import LineError
from plumbing.mqtt import Broker, tls_of

LATEST_S = 4.0
"""Seconds each step may take on a local network."""

CONNACK = 0x20
CONNACK_BYTES = 4
"""Kind, length, flags, reason: a 3.1.1 answer is no longer, and the rest of an MQTT 5 one is not needed."""

V311, V5 = 4, 5
CLEAN, PASSWORD, USERNAME = 0x02, 0x40, 0x80
KEEPALIVE_S = 10

BAD_VERSION = {0x01, 0x84}
NOT_LET_IN = {0x04, 0x05, 0x86, 0x87}
"""Reasons that mean user name or password, 3.1.1 and 5."""

DISCONNECT = {V311: b"\xe0\x00", V5: b"\xe0\x00"}


class Step(Enum):
    """How far a handshake came."""

    NO_SUCH_NAME = "no such name"
    NOBODY = "nobody listens"
    SILENT = "nothing comes back"
    TLS = "no encrypted line"
    NOT_MQTT = "something else answers"
    REFUSED = "not let in"
    OTHER = "refused for another reason"
    IN = "let in"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a handshake."""

    step: Step
    version: str = ""
    """`5` or `3.1.1`, once the broker has answered."""
    detail: str = ""
    """The operating system's own word, or the broker's reason."""


def shake_hands(broker: Broker, client_id: str) -> Answer:
    """Connect as `client_id`, leave at once, and say how far it went.

    MQTT 5 first; a broker that speaks only 3.1.1 says so, or says nothing at all.
    """
    answer = _try(broker, client_id, V5)
    if answer.step is Step.SILENT or (answer.step is Step.OTHER and answer.detail == "version"):
        older = _try(broker, client_id, V311)
        return older if older.step is not Step.NOT_MQTT else answer
    return answer


def connect_packet(client_id: str, username: str, password: str, version: int) -> bytes:
    """Return the CONNECT packet: a clean session, no will."""
    flags = CLEAN | (USERNAME | PASSWORD if username else 0)
    body = _text("MQTT") + bytes((version, flags)) + KEEPALIVE_S.to_bytes(2)
    body += b"\0" if version == V5 else b""  # no properties
    body += _text(client_id)
    if username:
        body += _text(username) + _text(password)
    return b"\x10" + _length(len(body)) + body


def _try(broker: Broker, client_id: str, version: int) -> Answer:
    try:
        with _open(broker) as line:
            line.sendall(connect_packet(client_id, broker.username, broker.password, version))
            heard = b""
            while len(heard) < CONNACK_BYTES and (piece := line.recv(64)):
                heard += piece
            with suppress(OSError):
                line.sendall(DISCONNECT[version])
    except LineError as error:
        return Answer(Step.TLS, detail=str(error))
    except ssl.SSLError as error:
        return Answer(Step.TLS, detail=error.reason or str(error))
    except socket.gaierror as error:
        return Answer(Step.NO_SUCH_NAME, detail=error.strerror or str(error))
    except TimeoutError:
        return Answer(Step.SILENT)
    except ConnectionResetError as error:
        return Answer(Step.NOT_MQTT, detail=error.strerror or "")
    except OSError as error:
        return Answer(Step.NOBODY, detail=error.strerror or str(error))
    return read_answer(heard, version)


def read_answer(heard: bytes, version: int) -> Answer:
    """Read a CONNACK to a CONNECT of this version."""
    if len(heard) < CONNACK_BYTES or heard[0] != CONNACK:
        return Answer(Step.NOT_MQTT)
    # MQTT 5 puts flags and reason behind a length that fits one byte in every real answer.
    reason = heard[3]
    spoken = "5" if version == V5 else "3.1.1"
    if reason == 0:
        return Answer(Step.IN, spoken)
    if reason in BAD_VERSION:
        return Answer(Step.OTHER, detail="version")
    if reason in NOT_LET_IN:
        return Answer(Step.REFUSED, spoken)
    return Answer(Step.OTHER, spoken, f"0x{reason:02x}")


def _open(broker: Broker) -> socket.socket:
    context = tls_of(broker)
    line = socket.create_connection((broker.host, broker.port), timeout=LATEST_S)
    if context is None:
        return line
    try:
        return context.wrap_socket(line, server_hostname=broker.host)
    except BaseException:
        line.close()
        raise


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2) + raw


def _length(size: int) -> bytes:
    """Return a packet's remaining length: seven bits a byte, the least first."""
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (0x80 if size else 0))
        if not size:
            return bytes(out)
