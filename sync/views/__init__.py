"""What hosts see, read from presence and the database.

Views read, handlers write.  A member who hides from hosts is counted, never named; the same goes
for one the directory no longer holds.
"""
