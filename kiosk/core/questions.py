"""First questions: easy to ask, easy to answer, another one each day.

Pure.  Like every sentence of the kiosk they guess nobody's gender.
"""

import zlib
from datetime import date
from typing import assert_never

from community.ids import MemberId
from community.introductions.reasons import (
    BothLike,
    CatchUp,
    HostSays,
    KnowsThePlace,
    NewHere,
    OpenToChat,
    Reason,
    SharedLanguage,
    TheyAsk,
    TheyKnow,
    TheyNeed,
    TheyOffer,
)
from kiosk.core.sentences import Words


def question_of(words: Words, reason: Reason, visitor: MemberId, other: MemberId, day: date) -> str:
    """Return a first question that fits a reason, for one visitor to ask one other person.

    The same two on the same day get the same question; the next day the next one.
    """
    questions = questions_for(words, reason)
    turn = zlib.crc32(f"{visitor}/{other}".encode()) + day.toordinal()
    return questions[turn % len(questions)]


def questions_for(words: Words, reason: Reason) -> tuple[str, ...]:  # noqa: C901 - one case a reason, closed
    """Return every first question that fits a reason; never empty."""
    match reason:
        case TheyOffer():
            return (
                words.gettext("“Where would you start, in my place?”"),
                words.gettext("“May I show you what I have so far?”"),
                words.gettext("“Which mistake do you see most often?”"),
                words.gettext("“What do you like most about what you do?”"),
            )
        case TheyNeed():
            return (
                words.gettext("“How far have you come with it?”"),
                words.gettext("“What have you tried so far?”"),
                words.gettext("“What would help you most this week?”"),
                words.gettext("“How will you know that it worked?”"),
            )
        case TheyKnow():
            return (
                words.gettext("“What would you do first, in my place?”"),
                words.gettext("“How did you learn about it?”"),
                words.gettext("“What was the big surprise, in the beginning?”"),
                words.gettext("“Whom else should I talk to?”"),
            )
        case TheyAsk():
            return (
                words.gettext("“Where did the idea come from?”"),
                words.gettext("“What do you know already, and what is missing?”"),
                words.gettext("“Would ten minutes over a coffee help?”"),
                words.gettext("“What would you like to have settled by Friday?”"),
            )
        case BothLike():
            return (
                words.gettext("“How did you start?”"),
                words.gettext("“What do you enjoy most in it?”"),
                words.gettext("“Do you know a good place for it around here?”"),
                words.gettext("“What would you suggest to a beginner?”"),
            )
        case NewHere():
            return (
                words.gettext("“What brings you here?”"),
                words.gettext("“Have you found a good spot to work?”"),
                words.gettext("“What are you working on these days?”"),
                words.gettext("“Shall I show you where the good coffee is?”"),
            )
        case KnowsThePlace():
            return (
                words.gettext("“What would you have liked to know on your first day?”"),
                words.gettext("“Where is the best spot for a phone call?”"),
                words.gettext("“Whom should I be sure to meet here?”"),
                words.gettext("“What keeps you coming back?”"),
            )
        case OpenToChat():
            return (
                words.gettext("“How is your day going?”"),
                words.gettext("“What are you working on today?”"),
                words.gettext("“Coffee or tea?”"),
                words.gettext("“What was the good surprise of your week?”"),
            )
        case SharedLanguage():
            return (
                words.gettext("“Where does the language come from, for you?”"),
                words.gettext("“With whom do you speak it?”"),
                words.gettext("“Which of its words exists in no other language?”"),
            )
        case CatchUp():
            return (
                words.gettext("“What is new since we talked?”"),
                words.gettext("“What came of what you told me about?”"),
                words.gettext("“What are you looking forward to?”"),
            )
        case HostSays():
            return (
                words.gettext("“What are you working on these days?”"),
                words.gettext("“What would make your week easier?”"),
                words.gettext("“What should I know about your trade?”"),
            )
        case _:
            assert_never(reason)
