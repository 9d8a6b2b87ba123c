"""What people do here together: meetings, ties, and how far a community lives by itself.  Pure."""
