"""Topics are built and parsed here and nowhere else.

`foyer/<wire version>/<space>/kiosks/<kiosk>/<word>`; no name of a person ever stands in one.

========== =========================== ========================================================
word       who says it                 what it carries
========== =========================== ========================================================
`events`   kiosk, QoS 1                an `EventBatch`
`status`   kiosk, QoS 1, retained      a `Status`; the last will says "offline"
`have`     kiosk, QoS 1                a `FeedHave`: which revision of the feed it has
`cursor`   hub, QoS 1                  a `Cursor`: what the hub has committed
`feed`     hub, QoS 1                  a `FeedPage`
`order`    hub, QoS 1                  an `Order`: a new password, or that the kiosk is shut out
`told`     kiosk, QoS 1                a `DoorEvents`, for the other kiosks: what happened here today
`heard`    kiosk, QoS 1                a `DoorsHeard`, for them and the hub: what it has of the day
`passed`   hub, QoS 1                  a `DoorEvents` of any kiosk: what this one lacks of the day
========== =========================== ========================================================

And `foyer/<version>/<space>/hub`: the hub's own retained `Status` and the feed's revision as
a hint; nothing depends on it having survived.  Where Home Assistant is told, the hub says under
`foyer/<version>/<space>/home` how kiosks do and how many are in, retained.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from community.ids import KioskId, SpaceId
from community.wire.versions import WIRE

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""What a space or a kiosk may be called: it stands in topics, so no slash, plus or hash."""


MOST_TOPICS = 1_000
"""Topics whose reading is remembered: each message brings one of few."""


class Word(Enum):
    """The last level of a kiosk's topic."""

    EVENTS = "events"
    STATUS = "status"
    HAVE = "have"
    CURSOR = "cursor"
    FEED = "feed"
    ORDER = "order"
    TOLD = "told"
    HEARD = "heard"
    PASSED = "passed"


SAID = (Word.EVENTS, Word.STATUS, Word.HAVE, Word.TOLD, Word.HEARD)
"""What a kiosk says."""

TO_HUB = (Word.EVENTS, Word.STATUS, Word.HAVE, Word.HEARD)
"""What a kiosk says to the hub."""

TO_DOORS = (Word.TOLD, Word.HEARD)
"""What a kiosk says to the other kiosks of its space."""

TO_STRANGER = (Word.CURSOR, Word.FEED, Word.PASSED)
"""What the hub tells any kiosk."""

TO_KIOSK = (*TO_STRANGER, Word.ORDER)
"""What it tells a kiosk that it let in."""


@dataclass(frozen=True, slots=True)
class KioskTopic:
    """A parsed topic of one kiosk."""

    space: SpaceId
    kiosk: KioskId
    word: Word


def kiosk_topic(space: SpaceId, kiosk: KioskId, word: Word) -> str:
    """Return the topic on which `word` is said by or to one kiosk."""
    return f"foyer/{WIRE}/{space}/kiosks/{kiosk}/{word.value}"


def all_kiosks(space: SpaceId, word: Word) -> str:
    """Return the filter with which the hub, or another kiosk, hears `word` from every kiosk of a space."""
    return f"foyer/{WIRE}/{space}/kiosks/+/{word.value}"


def hub_topic(space: SpaceId) -> str:
    """Return the topic of the hub's own status."""
    return f"foyer/{WIRE}/{space}/hub"


def home_topic(space: SpaceId, kiosk: KioskId | None = None) -> str:
    """Return the topic on which the hub tells Home Assistant of one kiosk, or of the space."""
    return f"foyer/{WIRE}/{space}/home" + ("" if kiosk is None else f"/{kiosk}")


def all_homes(space: SpaceId) -> str:
    """Return the filter with which Home Assistant hears of the space and every kiosk of it."""
    return f"foyer/{WIRE}/{space}/home/#"


def discovery_topic(prefix: str, space: SpaceId, kiosk: KioskId | None = None) -> str:
    """Return the topic on which Home Assistant finds a kiosk, or the space.  Source: its MQTT discovery."""
    return f"{prefix}/device/foyer_{space}" + ("" if kiosk is None else f"_{kiosk}") + "/config"


def all_discoveries(prefix: str) -> str:
    """Return the filter of all of them: what the hub may say there."""
    return f"{prefix}/device/+/config"


def doctor_topic(space: SpaceId, kiosk: KioskId | None) -> str:
    """Return the topic on which `foyer doctor` speaks to itself, as this kiosk or as the hub.

    No program subscribes to it.
    """
    if kiosk is None:
        return f"{hub_topic(space)}/doctor"
    return f"foyer/{WIRE}/{space}/kiosks/{kiosk}/doctor"


@lru_cache(MOST_TOPICS)
def parse(topic: str) -> KioskTopic | None:
    """Return what a kiosk's topic says, or `None` if it is not one of ours."""
    match topic.split("/"):
        case ["foyer", version, space, "kiosks", kiosk, word] if (
            version == str(WIRE)
            and NAME.fullmatch(space)
            and NAME.fullmatch(kiosk)
            and any(word == known.value for known in Word)
        ):
            return KioskTopic(SpaceId(space), KioskId(kiosk), Word(word))
        case _:
            return None
