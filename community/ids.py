"""The names things go by: opaque ids, never anything a person could be known from."""

from typing import Annotated, NewType

import msgspec

MemberId = NewType("MemberId", str)
"""An opaque id the hub gave a member.  Safe in logs and topics."""

KioskId = NewType("KioskId", str)
"""The name of one device at one door, as in its settings."""

SpaceId = NewType("SpaceId", str)
"""The name of one coworking space, as in the settings of all its devices."""

TableId = NewType("TableId", str)
"""An opaque id the hub gave a coffee or lunch table."""

HUB = KioskId("hub")
"""Whose log holds what hosts put right at the hub; no kiosk may be called so."""

Epoch = NewType("Epoch", str)
"""A random id made together with a kiosk's database file.

A re-flashed or restored card starts a new epoch, so its sequence numbers can
never be mistaken for those of its former life.
"""

LARGEST_NUMBER = 2**63 - 1
"""What a 64-bit integer column of either database can hold."""

Number = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_NUMBER)]
"""1, 2, 3 …; checked when a message is read, so that no number can stop a database later."""

Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_NUMBER)]
"""0, 1, 2 …; checked likewise."""


class EventId(msgspec.Struct, frozen=True, order=True):
    """What makes an event the same event wherever it arrives, and however often."""

    kiosk: KioskId
    epoch: Epoch
    seq: int
    """Position in the kiosk's log: 1, 2, 3 … without gaps."""
