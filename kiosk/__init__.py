"""The program at the door: reads badges, keeps the log, greets, and tells the hub."""
