"""Whom to introduce to whom, and why: filters, scores, slots and reasons, all pure."""
