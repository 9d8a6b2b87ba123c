"""How well the matcher does on public data, beside the simple ways of doing it.

    python -m bench.matching --data FOLDER

Nothing here, and none of the data, is part of the product; everything measured comes through its own code.
"""
