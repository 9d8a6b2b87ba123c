"""What somebody who leaves is asked about the people they were shown today, one question at a time.

Pure.  Nobody has to answer: what is not said is missing, never a no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from community.events import Answer
from community.ids import MemberId
from community.outcomes import Said, SaidUseful


@dataclass(frozen=True, slots=True)
class WhatCame:
    """Did the two talk?"""

    other: MemberId


@dataclass(frozen=True, slots=True)
class WasUseful:
    """They met: was it useful?"""

    other: MemberId


Question = WhatCame | WasUseful

ANSWERS = (Answer.MET, Answer.NOT_TODAY, Answer.RATHER_NOT)
"""What may be said to `WhatCame`, in the order in which it is offered."""

USEFUL = (True, False)
"""What may be said to `WasUseful`, likewise."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Questions to one member, and where they stand."""

    member_id: MemberId
    questions: tuple[Question, ...]
    """Those still open; the first one is asked."""
    said: Said | SaidUseful | None = None
    """What was said last."""
    before: "Inquiry | None" = None
    """How things stood before that."""

    def say(self, place: int) -> "Inquiry | None":
        """Answer the question that is asked; `None` if none is, or it has no such answer.

        Args:
            place: Which of the answers offered, from 0.

        Returns:
            The inquiry after it; who met is asked whether it was useful.
        """
        if not self.questions:
            return None
        rest = self.questions[1:]
        match self.questions[0]:
            case WhatCame(other=other):
                if not _is_one_of(place, ANSWERS):
                    return None
                answer = ANSWERS[place]
                if answer is Answer.MET:
                    rest = (WasUseful(other), *rest)
                return Inquiry(self.member_id, rest, Said(self.member_id, other, answer), self)
            case WasUseful(other=other):
                if not _is_one_of(place, USEFUL):
                    return None
                return Inquiry(self.member_id, rest, SaidUseful(self.member_id, other, USEFUL[place]), self)
            case _:
                assert_never(self.questions[0])


def _is_one_of(place: int, answers: Sequence[object]) -> bool:
    return 0 <= place < len(answers)
