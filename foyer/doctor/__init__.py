"""`foyer doctor`: says in words what works on this machine and what does not.

It only looks: nothing is changed, and a kiosk that runs is left alone.  Each check is a small
function that returns findings; `examination` runs them and prints.
"""

from foyer.doctor.examination import examine

__all__ = ["examine"]
