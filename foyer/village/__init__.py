"""The made-up community of Le Nook that the demo shows."""
