"""What the kiosk keeps on its own disk: the log of taps, and its copy of the directory."""
