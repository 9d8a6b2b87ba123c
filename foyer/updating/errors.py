"""Why there is no update, in sentences."""

from foyer.errors import FoyerError


class RefusedError(FoyerError):
    """Nothing was changed."""


class WentBackError(FoyerError):
    """It was tried, and the machine runs what it ran before, or could not even do that."""

    status = 1
