import pytest

from ctlab.claims.group_words import feature_words, group_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("n_operations >= 3", "3 operations or more"),
        ("not n_operations >= 3", "fewer than 3 operations"),
        ("has_division", "with division"),
        ("not has_division", "without division"),
        ("not multi_step", "fewer than two operations"),
        ("n_operations = 1", "1 operation"),
        ("n_operation_types = 2", "2 kinds of operation"),
        ("n_tokens 14 to 24", "14 to 24 tokens in the question"),
        ("log10 max_number 0.30103 to 1.04139", "largest number 2 to 11"),
        ("log10 max_number 1.5563 to 4.12385", "largest number 36 to 13,300"),
        ("wrong under both", "wrong under both"),
        ("my_own_feature = 3", "my_own_feature = 3"),
        ("difficulty >= 3", "difficulty 3 or more"),
        ("not difficulty >= -0.5", "difficulty below -0.5"),
        ("type == two words", "type two words"),
        ("max_number >= 10", "largest number 10 or more"),
        ("not type == algebra", "type other than algebra"),
    ],
)
def test_groups_in_words(name, words):
    assert group_words(name) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("n_operations", "operations"),
        ("n_operations >= 3", "3 operations or more"),
        ("log10 max_number", "log10 of the largest number"),
        ("my_own_feature", "my_own_feature"),
    ],
)
def test_features_in_words(name, words):
    assert feature_words(name) == words
