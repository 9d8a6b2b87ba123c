"""Where the board begins, after power-on and after each reset."""

try:
    from hal_pico import Hal
except ImportError:
    # No pins here: the interpreter runs as a program, in tests and in the demo.
    from hal_unix import Hal

import door

hal = Hal()
if hal.may_start():
    door.work(hal)
