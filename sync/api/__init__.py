"""The HTTP API: what other programs may ask and change, with a token that an administrator made."""
