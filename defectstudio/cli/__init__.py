"""The command line: one command a row."""
