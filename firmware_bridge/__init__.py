"""The serial conversation with the microcontroller at the door: presence, light, sound, buttons.

Nothing is here yet, and nothing waits for it: a kiosk without a microcontroller is a whole kiosk.
"""
