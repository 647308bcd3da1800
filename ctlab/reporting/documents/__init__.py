"""Documents beside the page, and writing them all."""
