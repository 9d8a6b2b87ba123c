"""Devices the Pi drives itself: badge readers, and the virtual chip that stands in for one."""
