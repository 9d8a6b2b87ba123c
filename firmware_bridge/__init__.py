"""The serial conversation with the microcontroller at the door: presence, light, sound, buttons.

A kiosk without a microcontroller is a whole kiosk.
"""
