"""Decoders with recurrent depth, written out here: transformers has none, and no code of a checkpoint is run."""
