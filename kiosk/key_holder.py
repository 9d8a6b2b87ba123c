"""Whose the keys are: a view that is somebody's own, where what is pressed is typed, and nothing else.

Lives as long as the kiosk, on its event loop.
"""

from kiosk.core.inbox import Key
from kiosk.core.views import View
from kiosk.scene import Scene

STRAY_S = 2.0
"""Seconds between two keys for which they still belong together, though another view has come in between."""


class KeyHolder:
    """Keeps the keys for one kind of view, as long as nothing else comes on the screen.

    Args:
        scene: The screen.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._view: View | None = None
        self._pressed_s = -STRAY_S

    @property
    def holds(self) -> bool:
        """Whether keys belong to the view."""
        return self._view is not None and self._scene.view is self._view

    def show(self, view: View) -> None:
        """Show the view, or another in its place, and keep the keys for it."""
        self._view = view
        self._scene.show(view)

    def keep_for(self, view: View) -> View:
        """Keep the keys for a view that somebody else shows; return it."""
        self._view = view
        return view

    def let_go(self) -> None:
        """Keep them no longer: what was done there is done."""
        self._view = None

    def pressed(self, now_s: float) -> None:
        """Take in when a key was pressed there."""
        self._pressed_s = now_s

    def strays(self, key: Key) -> bool:
        """Say whether a key was meant for the view when somebody else's tap took the screen.

        The digits of a PIN must not choose another person's mood, or check them out.
        """
        if self._view is None or key.now_s - self._pressed_s >= STRAY_S:
            return False
        self._pressed_s = key.now_s
        return True
