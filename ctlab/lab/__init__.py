"""Names of conditions in, runs and judgements out; what pytest and a notebook share. No pytest."""
