"""The hub: takes in what kiosks log, knows who is in, and shows it to hosts."""
