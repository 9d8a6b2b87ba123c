"""`foyer update`: another release of Foyer in the place of the one that runs, and back again.

What may be interrupted where, and what then happens: docs/decisions/0038-updates.md.
"""
