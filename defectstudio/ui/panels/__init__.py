"""The panels of the window. They know the domain and the theme, not each other and not the window."""
