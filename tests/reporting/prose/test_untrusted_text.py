from ctlab.reporting.prose.untrusted_text import clip, visible


def test_ordinary_text_stays():
    assert visible("The answer is: 7\n½ of “it” — ça, 答え") == "The answer is: 7\n½ of “it” — ça, 答え"


def test_marks_that_change_how_text_looks_are_shown():
    assert visible("a\x00b\u202ec\u200bd\ud800e\x1b[31m") == "a[U+0000]b[U+202E]c[U+200B]d[U+D800]e[U+001B][31m"


def test_long_text_is_cut_in_the_open():
    assert clip("7" * 10_000, 5) == "77777 … (10,000 characters in all)"
    assert clip("77777", 5) == "77777"
