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
========== =========================== ========================================================

And `foyer/<version>/<space>/hub`: the hub's own retained `Status` and the feed's revision as
a hint; nothing depends on it having survived.
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
    """Return the filter with which the hub hears `word` from every kiosk of a space."""
    return f"foyer/{WIRE}/{space}/kiosks/+/{word.value}"


def hub_topic(space: SpaceId) -> str:
    """Return the topic of the hub's own status."""
    return f"foyer/{WIRE}/{space}/hub"


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
