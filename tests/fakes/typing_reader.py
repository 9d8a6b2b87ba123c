"""The keys that a reader presses to type a number: the kernel's own `input_event`s."""

from hardware.keystrokes import EVENT

CODES = dict(zip("0123456789ABCDEF", (11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 48, 46, 32, 18, 33), strict=True))
KEYPAD = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
ENTER, SHIFT = 28, 42
KEY_S = 0.008
"""Seconds a cheap reader takes for one key."""


def keys_of(number, *, at_s=1.0, end=ENTER):
    """Return the events of typing a number, or keys by their codes, and what ends it."""
    codes = [CODES[digit] for digit in number] if isinstance(number, str) else list(number)
    if end is not None:
        codes.append(end)
    data = b""
    for index, code in enumerate(codes):
        seconds, rest = divmod(at_s + index * KEY_S, 1)
        when = int(seconds), int(rest * 1_000_000)
        data += EVENT.pack(*when, 4, 4, 0x70000 + code)  # the scan code comes first
        data += EVENT.pack(*when, 1, code, 1) + EVENT.pack(*when, 0, 0, 0)
        data += EVENT.pack(*when, 1, code, 0) + EVENT.pack(*when, 0, 0, 0)
    return data
