"""A door without a board: the real firmware in a real MicroPython, with made-up sensors and lights."""
