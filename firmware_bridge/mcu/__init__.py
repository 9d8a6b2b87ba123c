"""The firmware of the door's microcontroller, in the Python that MicroPython runs.

On the board there are no packages: its files lie side by side and import one another by their plain
names.  The host imports two of them too, `frames` and `protocol`, so that each is kept once; those two
import nothing.
"""
