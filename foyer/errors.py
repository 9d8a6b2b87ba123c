"""What the command cannot do, in sentences that say what to do instead."""


class FoyerError(Exception):
    """Base of everything this package raises; the message is for whoever typed the command."""

    status = 2
    """The command's exit status."""


class UsageError(FoyerError):
    """Something was asked for that cannot be done."""


class DoorbellError(FoyerError):
    """No demo answers."""


class NotRungError(FoyerError):
    """The demo answers that there is nobody to tap for; the message is its own."""

    status = 1


class HubStartError(FoyerError):
    """The hub did not start; the message is its own."""


class BenchError(FoyerError):
    """The bench cannot run."""


class SimulationError(FoyerError):
    """A simulated fleet did not come to its end."""

    status = 1


class BoardError(FoyerError):
    """The microcontroller at the door cannot be asked, or written to."""
