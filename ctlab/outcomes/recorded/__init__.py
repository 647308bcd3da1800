"""Recorded answers, read instead of generated: one file a format."""
