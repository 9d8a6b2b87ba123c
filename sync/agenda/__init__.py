"""The space's calendar: fetched, read in a process of its own, and told to kiosks day by day."""
