"""Sentences made from the numbers."""
