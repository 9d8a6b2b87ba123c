"""The messages themselves: frozen structs whose JSON is the contract.

Pure.  `docs/asyncapi.yaml` describes them, `tests/contract` holds their bytes.  Every field
has a default or has been there from the first version; readers ignore what they do not know.
"""

from typing import Annotated

import msgspec

from community.guests import GuestWords
from community.ids import Count, Epoch, EventId, KioskId, MemberId, Number
from community.wire.versions import WIRE

LARGEST_BATCH = 100
"""Events in one batch.  At about 250 bytes an event, 25 KB: well below every broker's limit."""

LARGEST_BATCH_BYTES = 64_000
"""Bytes of events in one batch: some brokers refuse packets from 64 KiB on by configuration."""

LARGEST_TOLD = 500
"""Erasures in one `FeedHave`, the latest: no backup is older than so many."""

LARGEST_PAGE = 100
"""Items in one page of the feed, for the same reason."""

MOST_STANDS = 200
"""Stands of one kind named in one `DoorsHeard`: a space has a handful of doors."""

LATELY_US = 36 * 3_600_000_000
"""Microseconds for which doors tell each other what happened: the longest day, and a margin."""

AnyKiosk = Annotated[KioskId, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,31}$")]
"""A kiosk's name where a message says one; elsewhere the topic does."""

AnyEpoch = Annotated[Epoch, msgspec.Meta(pattern="^[!-~]+$", max_length=32)]
"""An epoch, checked when a message is read: what fits the hub's column in either database."""


class EventBatch(msgspec.Struct, frozen=True):
    """A run of a kiosk's log, oldest first.  Sending it again is harmless."""

    epoch: AnyEpoch
    events: tuple[msgspec.Raw, ...]
    """Each the JSON of one `Record`, byte for byte as it stands in the kiosk's log; none in a batch that
    only asks."""
    oldest: Count = 0
    """The smallest number of this epoch the kiosk still holds, or the next it will give if it holds none:
    what is smaller will never be sent again.  0 if it does not say."""
    asks: Count = 0
    """The number whose content the kiosk wants to be told; 0 for that of the cursor."""
    before: str = ""
    """`content_hash` of the event before the first of these; empty for none, or one that was let go of."""
    alg: str = ""
    """How the batch is signed: `ed25519`, or empty for not at all."""
    sig: str = ""
    """The kiosk's signature of `what_is_signed`, in hexadecimal."""
    guests: Annotated[tuple[GuestWords, ...], msgspec.Meta(max_length=LARGEST_BATCH)] = ()
    """What guests typed, beside the events that say that they came; only as long as it is not safe at the
    hub, and never of an earlier day."""
    v: int = WIRE


class Cursor(msgspec.Struct, frozen=True):
    """What the hub has committed of one kiosk's epoch: everything up to and including `upto`."""

    epoch: AnyEpoch
    upto: Count
    """0 if nothing yet.  It may go back when a hub is restored from a backup."""
    again: bool = False
    """Whether a later event waits for what comes after `upto`: send it again."""
    at: Count = 0
    """The number whose content is told; 0 for none."""
    content: str = ""
    """`content_hash` of the event at `at` as the hub has it, empty if it has none: a kiosk whose own event
    is another one was restored from an old copy."""
    v: int = WIRE


Word32 = Annotated[str, msgspec.Meta(max_length=32)]
"""A word of a program's own: short, whoever sends it."""


class BridgeHealth(msgspec.Struct, frozen=True):
    """How the microcontroller at a kiosk's door does."""

    state: Word32
    """`ready`, or `lost`."""
    firmware: Word32 = ""
    """Its version; empty while it is lost."""
    fault: Word32 = ""
    """Why it is lost, as `firmware_bridge.door.BridgeFault` says; empty while it is ready."""
    silent: Annotated[tuple[Word32, ...], msgspec.Meta(max_length=16)] = ()
    """Its sensors that do not speak, by the names of their capabilities, in the order of the alphabet."""


class Status(msgspec.Struct, frozen=True):
    """Whether a program is on the line; retained, and the last will of its connection."""

    online: bool
    boot: str = ""
    """The kernel's id of the boot, so that a late "offline" of an earlier life is not believed."""
    program: str = ""
    """The program's version."""
    reader: str = ""
    """The badge reader's state in one word: `ready`, `lost`, or empty where there is none."""
    waiting: Count = 0
    """Events in the kiosk's log that the hub has not acknowledged."""
    revision: Count = 0
    """Kiosk: the feed it has.  Hub: the feed there is (a hint)."""
    credential: Count = 0
    """Which of the passwords the hub gave it a kiosk came in with; 0 for one the hub knows nothing of."""
    oldest_s: Count = 0
    """Seconds since the oldest of the events that wait happened, by the kiosk's clocks; 0 if none waits."""
    disk_percent: Count = 0
    """How full the kiosk's disk is; 0 if it does not say."""
    at_us: Count = 0
    """The kiosk's wall clock when it said this, microseconds since 1970 UTC; 0 if it does not say."""
    synced: bool = False
    """Whether that clock was synchronised."""
    bridge: BridgeHealth | None = None
    """The microcontroller at the door; `None` where there is none, or from a kiosk that does not say."""
    v: int = WIRE


class Erasure(msgspec.Struct, frozen=True):
    """A member was erased: told to every kiosk, and by kiosks to a hub that forgot it."""

    member: MemberId
    at_us: Count
    """When, microseconds since 1970 UTC by the hub's clock."""
    lifted: bool = False
    """Whether somebody of this id was added again since."""


class Order(msgspec.Struct, frozen=True):
    """The hub tells one kiosk how it is let in from now on."""

    revoked: bool = False
    """It is shut out: it forgets whom it knows, and keeps what the hub has not got."""
    username: str = ""
    """With `password` and `credential`: what to come in with from now on; the old one is good until then."""
    password: str = ""
    credential: Count = 0
    v: int = WIRE

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say what it is about, never the password."""
        return f"Order(revoked={self.revoked}, credential={self.credential})"


class FeedHave(msgspec.Struct, frozen=True):
    """A kiosk says which revision of the feed it has; 0 asks for everything."""

    revision: Count
    digest: str = ""
    """`digest_of` what it has; empty if it does not say.  The same revision with another digest is a hub
    that was restored and went another way."""
    erased: tuple[Erasure, ...] = ()
    """Erasures it was told of that the hub's feed does not know: a hub restored from an older copy."""
    v: int = WIRE


class FeedItem(msgspec.Struct, frozen=True):
    """The latest state of one thing a kiosk must know."""

    kind: str
    """`member`, `badge`, `badge_secret`, `badge_meta`, `badge_counter`, `pin`, `space`, `agenda`, `plan`,
    `past`, `table`, `weights`, `text`, `words` or `erased`; an unknown kind is kept but not used."""
    key: str
    revision: Count
    body: msgspec.Raw | None = None
    """The JSON of the thing, or `None` when it is gone: an erasure is a revision too."""


class FeedPage(msgspec.Struct, frozen=True):
    """A part of the way from one revision to another."""

    since: Count
    """The revision the page starts from; 0 is a snapshot, which replaces everything."""
    upto: Count
    """The revision the kiosk has once every part is in."""
    part: Number
    """1, 2 … `parts`."""
    parts: Number
    items: tuple[FeedItem, ...]
    digest: str = ""
    """`digest_of` everything at `upto`, on the last part: a mismatch asks for a snapshot."""
    v: int = WIRE


class DoorEvent(msgspec.Struct, frozen=True):
    """One event as one door tells it to another."""

    age_us: Count
    """Microseconds since it happened, by the clock of who says it: right even where both clocks are wrong."""
    record: msgspec.Raw
    """The JSON of a `Record` as `community.events.for_other_doors` leaves it."""
    guess: bool = False
    """Whether the age is only the least it can be: it happened in a boot without a good clock, and who says
    it was not there."""


class DoorEvents(msgspec.Struct, frozen=True):
    """What happened lately at one door, for the others; a run of its log without what concerns it alone."""

    kiosk: AnyKiosk
    """Whose log it is: on its own topic that of the topic."""
    count: AnyEpoch
    """What the numbers below are counted in: on `told` a random name for this start of the kiosk's program,
    because a restored kiosk counts the same numbers twice; on `passed` the epoch as the hub has it."""
    after: Count
    upto: Count
    """Everything after number `after`, up to and including `upto`, that concerns other doors is here."""
    events: tuple[DoorEvent, ...] = ()
    """Oldest first."""
    since: Count = 0
    """Numbers up to this happened too long ago to concern anybody; 0 if it is not said."""
    v: int = WIRE


class DoorStand(msgspec.Struct, frozen=True):
    """How far one count is known."""

    kiosk: AnyKiosk
    count: AnyEpoch
    upto: Count


class DoorsHeard(msgspec.Struct, frozen=True):
    """What a kiosk has of the day: who has more tells it, who has less asks."""

    told: tuple[DoorStand, ...] = ()
    """How far it has heard each other door; its own among them says how far there is something to hear."""
    passed: tuple[DoorStand, ...] = ()
    """How far it has each log as the hub counts it, its own included: the hub passes on the rest."""
    v: int = WIRE


class EventKey(msgspec.Struct, frozen=True):
    """The part of a record that even a record we cannot read must have."""

    seq: Number


def event_id(kiosk: KioskId, epoch: Epoch, seq: int) -> EventId:
    """Return the identity of one event."""
    return EventId(kiosk, epoch, seq)
