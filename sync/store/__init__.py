"""What the hub keeps: the log, the directory, the feed, the quarantine, hosts and their sessions."""
