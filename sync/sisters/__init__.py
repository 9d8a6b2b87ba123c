"""Spaces that know one another: their cards, and the letters members carry from one to the other."""
