"""The command `foyer`: the one room that knows both programs.  It holds no rule.

Before anything imports numpy, its matrix product is told to keep to one core: the others belong to
the screen and the reader, and on two cores two threads that wait for each other were slower than one.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
