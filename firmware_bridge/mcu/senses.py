"""From what a sensor reads to what the host is told: thresholds, hysteresis, debouncing.

No device and no clock in here: the caller brings both.  Times are milliseconds that never run backwards.
"""

NEAR_CM = 120
"""Nearer than this is at the screen."""
FAR_CM = 160
"""Farther than this has left it; between the two nothing changes."""
NEAR_MS = 200
"""So long must somebody be near: who walks past is not greeted."""
AWAY_MS = 5000
"""So long must nobody be there: a radar loses who stands still."""
FRESH_MS = 250
"""A reading older than this says nothing; the radar reports every 100 ms."""
MOVED_CM = 25
"""So much must the distance change to be told again."""
MOVED_MS = 500
"""So long must pass before it is told again."""
SILENT_MS = 2000
"""A radar that reports nothing for so long does not work."""
BOUNCE_MS = 20
"""A switch's contact is at rest after so long."""
PASS_MS = 400
"""Two bodies through the beam are at least so long apart; arms and legs are less."""
STUCK_MS = 60000
"""A beam broken for so long is blocked by something, not by somebody."""


class Presence:
    """Whether somebody stands before the screen, from readings of a distance."""

    def __init__(self):
        self.is_near = False
        self.distance_cm = 0
        """The latest distance of who is near; 0 where the sensor measures none."""
        self._since_ms = None
        self._read_ms = 0
        self._there_ms = 0
        self._told_cm = 0
        self._told_ms = 0

    def feel(self, distance_cm, now_ms):
        """Take a reading: `None` for nobody, 0 for somebody at no known distance."""
        is_close = distance_cm is not None and distance_cm < NEAR_CM
        if is_close:
            if self._since_ms is None or now_ms - self._read_ms > FRESH_MS:
                self._since_ms = now_ms
        else:
            self._since_ms = None
        self._read_ms = now_ms
        if distance_cm is not None and distance_cm <= FAR_CM:
            self._there_ms = now_ms
            self.distance_cm = distance_cm

    def tick(self, now_ms):
        """Let time pass; return whether there is something new to tell."""
        if not self.is_near:
            if self._since_ms is None or now_ms - self._since_ms < NEAR_MS or now_ms - self._read_ms > FRESH_MS:
                return False
            self.is_near = True
        elif now_ms - self._there_ms >= AWAY_MS:
            self.is_near = False
            self._since_ms = None
        elif abs(self.distance_cm - self._told_cm) < MOVED_CM or now_ms - self._told_ms < MOVED_MS:
            return False
        self._told_cm = self.distance_cm
        self._told_ms = now_ms
        return True


class Button:
    """One switch: told once per press, at its first contact."""

    def __init__(self):
        self._is_down = False
        self._changed_ms = -BOUNCE_MS

    def feel(self, is_down, now_ms):
        """Take a reading; return whether it was pressed just now."""
        if is_down == self._is_down or now_ms - self._changed_ms < BOUNCE_MS:
            return False
        self._is_down = is_down
        self._changed_ms = now_ms
        return is_down


class Beam:
    """A light barrier: counts bodies since the start."""

    def __init__(self):
        self.passed = 0
        self._is_broken = False
        self._passed_ms = -PASS_MS
        self._broken_ms = 0

    def feel(self, is_broken, now_ms):
        """Take a reading; return whether somebody passed just now."""
        was_broken, self._is_broken = self._is_broken, is_broken
        if not is_broken or was_broken:
            return False
        self._broken_ms = now_ms
        if now_ms - self._passed_ms < PASS_MS:
            return False
        self._passed_ms = now_ms
        self.passed += 1
        return True

    def works(self, now_ms):
        """Say whether it is not blocked."""
        return not self._is_broken or now_ms - self._broken_ms < STUCK_MS
