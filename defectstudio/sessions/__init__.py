"""The work at the screen, without a screen."""
