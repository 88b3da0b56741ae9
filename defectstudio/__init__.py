"""DefectStudio: from images of a production line to a working defect detector, offline."""

__version__ = "0.1.0"
