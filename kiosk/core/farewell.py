"""Leaving: a farewell, and one or two easy questions about the people somebody was shown today.

Pure.  The next person in line reads along: what was answered is never shown, whatever it was.
"""

import zlib
from datetime import date, datetime
from typing import assert_never

from community.ids import MemberId
from community.inquiry import Inquiry, Question, WasUseful, WhatCame
from community.introductions.memory import Memory
from community.introductions.pairing import pair
from community.introductions.rules import ASKED_LESS_AFTER
from kiosk.core.directory import Directory
from kiosk.core.keys import ANSWER_KEYS
from kiosk.core.lines import today_line
from kiosk.core.pieces import Choice
from kiosk.core.sentences import Words, tint_of
from kiosk.core.speaker import Speaker
from kiosk.core.views import Farewell

ASKED_AT_MOST = 2
"""People somebody who leaves is asked about: they have their coat on."""

ASKED_EACH = 3
"""Days of which one is left to ask those who never answer."""


def farewell_of(
    speaker: Speaker,
    member_id: MemberId,
    at: datetime,
    inquiry: Inquiry | None,
    stays_s: float,
    met: int = 0,
) -> Farewell:
    """Return what somebody who leaves sees.

    Args:
        speaker: For its words.
        member_id: Who.
        at: When they left; aware.
        inquiry: What they are asked, and what was said so far; `None` for nothing.
        stays_s: For how long they may answer, or stay after all.
        met: How many people they met today, as far as it was recorded.
    """
    language = speaker.language(member_id)
    words = speaker.words(language)
    said = inquiry is not None and inquiry.said is not None
    question, answers = _asked(speaker, words, inquiry)
    line = words.gettext("Checked out, {time}.").format(time=speaker.time(words, at))
    line = f"{line} {today_line(words, met)}"
    stay = words.gettext("Not leaving? Tap again.")
    return Farewell(
        headline=words.gettext("See you soon, {name}").format(name=speaker.name(member_id)),
        line=words.gettext("Noted, and it stays between us. Thank you!") if said else line,
        question=question,
        answers=answers,
        undo_line=words.gettext("Change my answer") if said else stay,
        stay_line=stay if said else "",
        tint=tint_of(member_id),
        large=speaker.comfort(member_id).large_text,
        language=language,
        shown_for_s=stays_s,
    )


def questions_to(
    member_id: MemberId, day: date, directory: Directory, memory: Memory
) -> tuple[Question, ...]:
    """Return what to ask somebody who leaves: about at most `ASKED_AT_MOST` of those they were shown today.

    Who met them by badge is asked whether it was useful.  Nobody is asked about somebody who is gone, hides,
    or of whom they have spoken; who never answers is asked about one, and only now and then.
    """
    member = directory.members.get(member_id)
    if member is None or not member.may_be_introduced:
        return ()
    today = memory.today(day)
    found: list[Question] = []
    for other in memory.shown_to(member_id, day):
        known = directory.members.get(other)
        if known is None or not known.may_be_introduced or (member_id, other) in today.answers:
            continue
        if pair(member_id, other) not in today.met:
            found.append(WhatCame(other))
        elif not memory.judged(member_id, other, day):
            found.append(WasUseful(other))
    past = directory.past.get(member_id)
    if past is not None and past.unanswered >= ASKED_LESS_AFTER:
        turn = zlib.crc32(member_id.encode()) + day.toordinal()
        return tuple(found[:1]) if turn % ASKED_EACH == 0 else ()
    return tuple(found[:ASKED_AT_MOST])


def _asked(speaker: Speaker, words: Words, inquiry: Inquiry | None) -> tuple[str, tuple[Choice, ...]]:
    if inquiry is None or not inquiry.questions:
        return "", ()
    asked = inquiry.questions[0]
    name = speaker.name(asked.other)
    labels: tuple[str, ...]
    match asked:
        case WhatCame():
            question = words.gettext("Did you get to talk with {name} today?")
            labels = (
                words.gettext("Yes, we talked"),
                words.gettext("Not today"),
                words.gettext("Rather not"),
            )
        case WasUseful():
            question = words.gettext("Was it useful to talk with {name}?")
            labels = (words.gettext("Yes"), words.gettext("Not really"))
        case _:
            assert_never(asked)
    choices = tuple(Choice(key, label) for key, label in zip(ANSWER_KEYS, labels, strict=False))
    return question.format(name=name), choices
