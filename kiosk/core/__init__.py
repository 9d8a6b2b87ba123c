"""What the kiosk decides to show, as data.  Pure: no screen, no store, no clock."""
