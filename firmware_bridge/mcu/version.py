"""The version of this firmware; `foyer mcu status` compares it with what a board runs."""

FIRMWARE = "1.0.0"
