"""Where notices go: what members may give, what administrators may, and what of it may be shown.

Pure.  An address is a secret as soon as it lets anybody write there: it is shown masked, and never logged.
"""

import ipaddress
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from sync import inward

LONGEST = 500
"""Characters of an address."""

MEMBERS_SCHEMES = frozenset({"discord", "matrixs", "mmosts", "ntfys", "slack", "tgram"})
"""Services a member may name: encrypted, and spoken by HTTPS alone."""

WITH_HOST = frozenset({"matrixs", "mmosts", "ntfys"})
"""Those of them whose address begins with a computer's name; of the others it begins with a key."""

MAIL_SCHEMES = frozenset({"mailto", "mailtos"})

SPACE_SCHEMES = MEMBERS_SCHEMES | MAIL_SCHEMES | {"json", "jsons", "matrix", "mmost", "ntfy"}
"""What a channel of the space may be; the space's own servers may stand in the house, without encryption."""

NAMES = {
    **dict.fromkeys(MAIL_SCHEMES, "E-mail"),
    **dict.fromkeys(("json", "jsons"), "JSON"),
    **dict.fromkeys(("matrix", "matrixs"), "Matrix"),
    **dict.fromkeys(("mmost", "mmosts"), "Mattermost"),
    **dict.fromkeys(("ntfy", "ntfys"), "ntfy"),
    "discord": "Discord",
    "slack": "Slack",
    "tgram": "Telegram",
}
"""What services are called; names are not translated."""

NTFY = "ntfys://ntfy.sh/"
"""What stands before a name that somebody subscribed to in the app of ntfy."""

EXAMPLES = {
    "Telegram": "tgram://bot-token/chat-id",
    "Discord": "discord://webhook-id/webhook-token",
    "Slack": "slack://token-a/token-b/token-c",
    "Mattermost": "mmosts://example.org/token",
    "Matrix": "matrixs://name:password@example.org/!room",
}
"""How addresses look that members may give, beside ntfy's; each with what its service is called."""

MAIL_EXAMPLE = "mailtos://name:password@smtp.example.org?from=hub@example.org&to=team@example.org"
PROGRAM_EXAMPLE = "jsons://example.org/path"
"""How channels of the space may look besides."""

MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
"""An e-mail address; what is valid and does not fit is so rare that it is asked for again."""

WITH_KEY = frozenset({"json", "jsons"})
"""Services that can be told that two notices are the same one."""


def is_mail(text: str) -> bool:
    """Say whether this is an e-mail address."""
    return len(text) <= LONGEST and MAIL.fullmatch(text) is not None


def members_address(text: str) -> str | None:
    """Return what a member may be told at: an e-mail address, or the address of a service.

    Returns:
        The address as it is kept; `None` if it is none, or one that leads where a member's may not:
        to other services, without encryption, or to a number instead of a name.
    """
    text = text.strip()
    if is_mail(text):
        return text
    parts = _parts(text)
    if parts is None or parts.scheme not in MEMBERS_SCHEMES or parts.query or parts.fragment:
        return None
    return None if parts.scheme in WITH_HOST and is_inward_name(parts.hostname or "") else text


def space_address(text: str) -> str | None:
    """Return the address of a channel of the space, or `None` if it is none we speak."""
    text = text.strip()
    parts = _parts(text)
    return text if parts is not None and parts.scheme in SPACE_SCHEMES else None


def service_of(address: str) -> str:
    """Return what the service at an address is called."""
    if is_mail(address):
        return NAMES["mailto"]
    return NAMES.get(address.partition(":")[0].lower(), "?")


def carries_mail(address: str) -> bool:
    """Say whether e-mail of others can be sent through a channel of the space."""
    return address.partition(":")[0].lower() in MAIL_SCHEMES


def masked(address: str) -> str:
    """Return what may be shown of an address: of an e-mail its first letter and domain, else the service."""
    if is_mail(address):
        local, _, domain = address.partition("@")
        return f"{local[0]}…@{domain}"
    return f"{address.partition(':')[0].lower()}://…"


def mail_to(channel: str, address: str) -> str:
    """Return a mail channel's address with somebody else as the only one who gets it."""
    parts = urlsplit(channel)
    kept = [(name, value) for name, value in _asked(parts) if name not in {"to", "cc", "bcc"}]
    bare = parts._replace(path="", query=urlencode([*kept, ("to", address)], quote_via=quote))
    return bare.geturl()


def with_key(address: str, key: str) -> str:
    """Return the address with what tells a notice from another, where the service can be told."""
    parts = urlsplit(address)
    if parts.scheme.lower() not in WITH_KEY:
        return address
    query = urlencode([*_asked(parts), ("+Idempotency-Key", key)], quote_via=quote)
    return parts._replace(query=query).geturl()


def is_inward(host: str) -> bool:
    """Say whether a number is that of a computer in this house, or no number that leads out for sure."""
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return inward.is_inward(number)


def is_inward_name(host: str) -> bool:
    """Say whether a name is plainly one of this house; what it leads to is looked at when it is called."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit() or host.startswith("0x")
    return True


def _parts(text: str) -> SplitResult | None:
    if not 0 < len(text) <= LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts if parts.netloc else None


def _asked(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)
