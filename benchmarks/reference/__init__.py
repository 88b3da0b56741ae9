"""Plain implementations that ours are timed against."""
