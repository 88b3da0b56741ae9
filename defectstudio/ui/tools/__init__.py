"""The tools of annotation: what the left mouse button does to the label map. One tool a module."""
