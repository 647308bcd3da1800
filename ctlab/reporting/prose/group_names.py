"""Features and groups of problems as a reader would say them: the vocabulary of the reasons."""

from ctlab.claims.group_words import FEATURE_WORDS, KIND_LABELS, feature_words, group_words

__all__ = ["FEATURE_WORDS", "KIND_LABELS", "feature_words", "group_words"]
