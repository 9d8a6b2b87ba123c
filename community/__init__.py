"""The rules of the house, shared by the kiosk at the door and the hub.

Pure: nothing in this package waits, remembers or varies.  Time, ids and chance
are arguments; files, sockets and databases belong to the programs around it.
"""
