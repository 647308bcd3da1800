from ctlab.claims import Direction, Kind
from ctlab.lab.plan_table import how_to_size_means
from tests.claims.making import claim


def test_a_plan_of_means_says_where_their_standard_deviation_is_found():
    lines = how_to_size_means([claim(), claim(Direction.INCREASE, kind=Kind.LINE)])
    assert any("report.json" in line for line in lines)
    assert any("standard_deviation" in line for line in lines)
    assert how_to_size_means([claim(), claim(kind=Kind.TREND)]) == []
