"""The interpreter's own `os`, but that the empty path is where one is, as on a board."""

import uos
from uos import *


def stat(path):
    return uos.stat(path or ".")
