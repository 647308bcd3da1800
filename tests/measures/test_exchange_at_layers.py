"""Exchanges at layers: cells for a map of where a result is, and one exchange beside another."""

import numpy as np
import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.measures import exchanged_layers, exchanged_steps, follows_beyond_chance, follows_more
from ctlab.measures.apart import apart
from ctlab.measures.exchange import exchanges
from tests.measures.test_exchanged_answers import PROBLEMS, answered, condition, follow, keep


def there(position, *layers, **fields):
    return condition(name=f"{position}_{len(layers)}", at={"layers": list(layers), "position": position}, **fields)


def test_cells_hold_what_the_measure_says_where_it_was_exchanged():
    one, two = answered(there("residual", 1), follow), answered(there("key", 2, 0), keep)
    moved, still = exchanged_layers([one, two])
    assert [cell.place.name for cell in (moved, still)] == [
        "CT1 at step 2, residual at layer 1",
        "CT1 at step 2, key at layers 0 and 2",
    ]
    assert [cell.place.value for cell in (moved, still)] == [1.0, 2.0]
    assert np.array_equal(moved.values, follows_beyond_chance(one))
    assert (moved.more["rate"], still.more["rate"], still.more["keeps"]) == (1, 0, 1)
    assert (still.more["position"], still.more["layers"]) == ("key", "0 2")


def test_one_exchange_beside_another_is_counted_on_problems_of_their_own():
    def every_other(problem, donor):
        return follow(problem, donor) if len(problem.question) % 2 else problem.gold

    values, keys = answered(there("value", 0), follow), answered(there("key", 0), every_other)
    had = exchanges(values)
    chosen = [had[row] for row in apart([each.names for each in had])]
    expected = [float(not len(each.problem.question) % 2) for each in chosen]
    assert follows_more(values, keys).tolist() == expected
    assert follows_more(keys, values).tolist() == [-each for each in expected]
    assert 0 < sum(expected) < len(expected)
    assert not follows_more(values, values).any()


def test_what_does_not_belong_together_is_refused():
    fed, moved = answered(condition(), follow), answered(there("key", 0), follow)
    with pytest.raises(StatisticsError, match="does not exchange one thing at layers"):
        exchanged_layers([fed])
    with pytest.raises(StatisticsError, match="nothing to follow"):
        exchanged_layers([answered(there("key", 0, by="matched-same"), keep)])
    for other in (there("key", 1, step=1), there("key", 1, seed=2), there("key", 1, by="matched-same")):
        with pytest.raises(StatisticsError, match="same donors"):
            follows_more(moved, answered(other, keep))
    with pytest.raises(PairingError):
        exchanged_layers([moved, answered(there("key", 1), follow, PROBLEMS[::-1])])
    assert follows_more(moved, fed).sum() == 0  # what is fed is exchanged of the same donors, too


def test_steps_and_layers_are_asked_by_two_functions():
    run, control = answered(there("value", 0), follow), answered(there("value", 0, by="matched-same"), keep)
    assert exchanged_steps([run], [control])[0].place.name == "CT1 at step 2"
