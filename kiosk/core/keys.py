"""The keys that mean something on the screen; a touch on what they stand for sends the same.

Pure: names only.
"""

UNDO_KEY = "u"
"""The key that takes back what was just recorded (also sent by a touch on the undo panel)."""

TOUCH_KEY = "touch"
"""Sent for a touch that hits no button: "I am still reading", or a guest at the lobby."""

MOOD_KEYS = ("1", "2", "3", "4")
"""The keys of the four moods of the day, in the order in which they are shown."""

ANSWER_KEYS = ("1", "2", "3")
"""The keys of the answers a farewell asks for, in the order in which they are shown."""

TABLE_KEY = "5"
"""The key that says yes to a seat at a table, and no after all."""

FORGOTTEN_KEY = "0"
"""The key, where it is offered, for whoever has no badge with them."""

GUEST_KEY = "8"
"""The key, where it is offered, for a guest who comes to see somebody."""

LEAVE_KEY = "9"
"""The key that leaves while a card asks whether somebody leaves: for whoever came in without a badge."""

HOST_KEY = "h"
"""The key, on the greeting and card of whoever looks after the place, that leads to the host's pages."""

BACK_KEY, NEXT_KEY = "0", "9"
"""On the host's pages: a step back, and the next page of a list."""

CANCEL_KEY, DONE_KEY, ERASE_KEY, SPACE_KEY = "escape", "enter", "backspace", " "
"""While something is typed, beside letters and digits."""
