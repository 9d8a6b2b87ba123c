"""What members wrote, turned into vectors that say how alike two short items are, in French and English."""
