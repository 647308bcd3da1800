"""Runs over time: a line a run in a file beside the reports, and counts of the last one as a badge."""
