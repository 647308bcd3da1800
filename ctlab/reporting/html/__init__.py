"""The page: what a reader meets, and where it stands on it."""
