"""Contrasts of several paired conditions: additivity and ratios."""
