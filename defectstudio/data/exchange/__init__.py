"""Reading (and writing) the layouts of other tools: one module a format, detected by layout."""
