"""A PN532 chip and its cards on a pseudo-terminal, so that the real code runs without a reader."""
