from ctlab.reporting.prose.hesitation_words import hesitation_line


def test_where_nobody_hesitates_nothing_is_said():
    assert hesitation_line([("baseline", 0), ("ct0_blocked", None)]) == ""


def test_the_most_come_first_and_the_rest_is_counted():
    assert hesitation_line([("baseline", 1)]) == "1 answer can be read in more than one way: 1 under baseline"
    counts = [("baseline", 0), *((f"c{k}", k) for k in range(1, 7))]
    assert hesitation_line(counts) == (
        "21 answers can be read in more than one way: 6 under c6, 5 under c5, 4 under c4, 3 under c3 and "
        "2 other conditions"
    )
