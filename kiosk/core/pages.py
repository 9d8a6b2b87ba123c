"""A feed answer that comes in part by part.

Pure.
"""

from dataclasses import dataclass, field

from community.wire.messages import FeedItem, FeedPage


@dataclass(slots=True)
class Pages:
    """The parts that are in of one answer; a part of another answer begins anew."""

    since: int = -1
    upto: int = -1
    parts: dict[int, tuple[FeedItem, ...]] = field(default_factory=dict)
    digest: str = ""
    """The whole's digest; it stands on the last part, which may have come before this one."""

    def add(self, page: FeedPage) -> tuple[FeedItem, ...] | None:
        """Note a page; return all items once every part is in: `digest` is then the whole's."""
        if (page.since, page.upto) != (self.since, self.upto):
            self.since, self.upto, self.parts, self.digest = page.since, page.upto, {}, ""
        self.parts[page.part] = page.items
        self.digest = page.digest or self.digest
        if len(self.parts) < page.parts:
            return None
        items = tuple(item for part in sorted(self.parts) for item in self.parts[part])
        self.parts = {}
        return items
