"""Several tests at once: all must reject, or all conditions are compared together."""
