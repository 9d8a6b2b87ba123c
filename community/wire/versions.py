"""The version of the wire, and what a difference means."""

WIRE = 1
"""Raised only when an old reader would misunderstand a new message.  It stands in every topic
and every message.  A new optional field or a new kind of event does not raise it: unknown
fields are ignored, and an event of unknown kind is quarantined with its number, so it can be
released once the hub is updated."""
