"""What the frozen program runs."""

from defectstudio.__main__ import main

main()
