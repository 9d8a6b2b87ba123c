"""The value receipt: what a member's days here came to, theirs alone; for the space only sums over five."""
