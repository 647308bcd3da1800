"""The campaign of kills can fail: what is lost, otherwise or answered twice too often is harm."""

from collections import Counter

import pytest

from benchmarks.faults_ray import VICTIMS, Count


def count(**found):
    return Count(kills=Counter(worker=2, machine=1, driver=1), rounds=1, answers=100, **found)


def test_what_was_kept_twice_within_the_shards_in_flight_is_none():
    assert not count().harm
    assert not count(twice=count().bound).harm


@pytest.mark.parametrize("found", [{"lost": 1}, {"otherwise": 1}, {"twice": count().bound + 1}])
def test_anything_else_is_harm(found):
    assert count(**found).harm


def test_the_table_has_a_row_for_each_victim():
    table = count(went_on=Counter(worker=2, machine=1), again=Counter(driver=1)).table()
    assert [line.split("|")[1].strip() for line in table.splitlines()[2:5]] == [*VICTIMS]
    assert "| all | 4 | 3 | 1 |" in table
