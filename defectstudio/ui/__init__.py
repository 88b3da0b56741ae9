"""The window: shows and asks. The only part that imports Qt."""
