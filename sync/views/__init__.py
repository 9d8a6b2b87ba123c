"""What hosts see, read from presence and the database.

Views read, handlers write.  Whatever tells who is in, or what somebody did, counts a member who
hides from hosts and never names them; the same goes for one the directory no longer holds.

Two views name everybody, because a badge can neither be given nor taken back without a name: the
choices when a badge is linked, and the page of members and badges.  For that they say of nobody
whether they are in, or when they were.
"""
