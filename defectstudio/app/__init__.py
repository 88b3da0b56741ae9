"""What can be done: the window and the command line call the same functions."""
