"""Which pixels an edit covers: arrays and points in, patches out. Knows no project and no window."""
