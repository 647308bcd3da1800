"""Shifts in the kinds of errors, apart from their number."""
