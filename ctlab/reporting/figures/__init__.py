"""Pictures: drawn from the report's numbers alone, without pyplot, the same bytes for the same numbers."""

from ctlab.reporting.figures.pictures import PICTURES, draw_pictures, picture_files

__all__ = ["PICTURES", "draw_pictures", "picture_files"]
