"""The parts of the Annotate panel, one a module; each emits wishes and is told what to show."""
