"""The hosts' dashboard: who is in, what happened today, and what only a human can do."""
