"""The path of newcomers: what is done for each of them, what is next, and what they are written."""
