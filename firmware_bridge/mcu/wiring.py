"""What is fitted to this board, and to which pins (GP numbers).  Yours to change: an update keeps it.

`None` where a part is missing; the screen then offers nothing that needs it.
"""

RADAR = (1, 4, 5)
"""LD2410: number of the UART, its TX pin (to the radar's RX), its RX pin (to the radar's TX)."""
PIR = None
"""A PIR sensor's pin, high while somebody moves; used where there is no radar."""
BEAM = None
"""A light barrier's pin, low while something stands in it."""
RING = (16, 16)
"""WS2812: the data pin, and how many lights."""
BUZZER = 15
"""A passive buzzer's pin."""
BUTTONS = (10, 11, 12)
"""Three switches to ground, from the left."""
