"""`python -m foyer` is the command `foyer`."""

from foyer.cli import main

main()
