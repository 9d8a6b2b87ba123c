"""What a key means on the screen that is shown.

Pure.
"""

from datetime import datetime

from community.desk import Desk
from community.outcomes import Outcome
from kiosk.core.inbox import Key
from kiosk.core.keys import ANSWER_KEYS, LEAVE_KEY, MOOD_KEYS, TABLE_KEY, UNDO_KEY
from kiosk.core.present import MOODS


def meaning_of(key: Key, desk: Desk, at: datetime) -> tuple[Desk, Outcome | None]:
    """Return the desk after a key, and what happened; `None` for nothing."""
    if key.key == UNDO_KEY:
        return desk.undo(key.now_s)
    if key.key == LEAVE_KEY:
        return desk.leave(at, key.now_s)
    if key.key == TABLE_KEY:
        return desk.choose_seat(at, key.now_s)
    if key.key in ANSWER_KEYS and desk.inquiry is not None:
        return desk.say(ANSWER_KEYS.index(key.key), key.now_s)
    if key.key in MOOD_KEYS:
        return desk.choose_mood(MOODS[MOOD_KEYS.index(key.key)], at)
    return desk, None
