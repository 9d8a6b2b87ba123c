"""The pipes both programs share: the MQTT line, the database, settings, words, logs, the clock.

Mechanism only, no rule: nothing here knows what a member or a tap is.  It exists because kiosk
and hub never import each other, and each I/O library has one home (decision 0003).
"""
