from ctlab.reporting.prose.untrusted_text import clip


def test_marks_are_shown():
    assert clip("a\x1b[31m") == "a[U+001B][31m"


def test_long_text_is_cut_in_the_open():
    assert clip("7" * 10_000, 5) == "77777 … (10,000 characters in all)"
    assert clip("77777", 5) == "77777"
