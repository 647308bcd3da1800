"""Many paired differences of one baseline: a sweep's cells, all of them looked at, so that all must hold together."""
