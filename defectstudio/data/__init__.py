"""Files: the project folder, its journal, its pixels, its runs, and the formats of other tools."""
