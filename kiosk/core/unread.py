"""What many members have and only a comparison asks for, kept as it came: half of what it takes once read.

Pure.
"""

from collections.abc import Iterator, Mapping

import msgspec
from typing_extensions import override

from community.ids import MemberId
from community.introductions.wording import ItemVectors


class Unread(Mapping[MemberId, ItemVectors]):
    """The vectors of members' items, read anew each time they are asked for.

    Args:
        bodies: The feed's JSON of each, which was read once without an error.
    """

    __slots__ = ("_bodies",)

    def __init__(self, bodies: Mapping[MemberId, bytes]) -> None:
        self._bodies = bodies

    @override
    def __getitem__(self, key: MemberId) -> ItemVectors:
        return msgspec.json.decode(self._bodies[key], type=ItemVectors)

    @override
    def __iter__(self) -> Iterator[MemberId]:
        return iter(self._bodies)

    @override
    def __len__(self) -> int:
        return len(self._bodies)

    @override
    def __eq__(self, other: object) -> bool:
        """Say whether everybody's are the same; two feeds write the same in the same bytes."""
        if isinstance(other, Unread):
            return self._bodies == other._bodies
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]
