"""Means of measurements, and descriptions of them."""
