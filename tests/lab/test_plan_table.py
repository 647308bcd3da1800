from ctlab.claims import Direction, Kind
from ctlab.lab.plan_table import how_to_size_means, uncounted_sweeps
from tests.claims.making import claim


def test_a_plan_of_means_says_where_their_standard_deviation_is_found():
    lines = how_to_size_means([claim(), claim(Direction.INCREASE, kind=Kind.LINE)])
    assert any("report.json" in line for line in lines)
    assert any("standard_deviation" in line for line in lines)
    assert how_to_size_means([claim(), claim(kind=Kind.TREND)]) == []


def test_a_plan_says_whose_answers_it_does_not_count():
    most = claim(kind=Kind.MOST, conditions=("baseline",))
    (said,) = uncounted_sweeps([claim(), most])
    assert said.startswith(f"not counted below: the answers of the sweeps of {most.id}, whose axes")
    assert uncounted_sweeps([claim()]) == []
