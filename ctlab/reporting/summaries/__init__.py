"""Tables of a run as JSON: what pictures and pages are made of."""
