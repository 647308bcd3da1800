from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.errors import CertificateError, PairingError, StatisticsError
from ctlab.measures import cascade, divergence_and_breaking, first_parting, later_distances, strata_of_correct
from ctlab.statistics import auc
from tests.probes.measured import make
from tests.statistics.fake_runs import FakeRun, Question, labels


def paths(seed=0, *, hidden=0, n=4, condition="ct0_blocked"):
    """Paths that part where they must: after the hidden thought, from the next thought's first layer on."""
    found = make(seed, n=n, condition=condition)
    distance = found.distance.copy()
    distance[:, : hidden + 1] = 0.0
    distance[:, hidden + 1, 0] = 0.0
    return replace(found, distance=distance)


def test_each_later_thought_after_the_last_layer():
    found = paths()
    distances = later_distances(found)
    assert list(distances) == ["CT1", "CT2", "CT3", "CT4", "CT5"]
    assert distances["CT3"] == pytest.approx(found.distance[:, 3, -1])
    assert list(later_distances(paths(hidden=3), "CT3")) == ["CT4", "CT5"]


def test_paths_part_at_the_first_layer_of_the_next_thought():
    assert first_parting(paths()) == ("CT1", 1)
    assert first_parting(replace(paths(), distance=np.zeros_like(paths().distance))) is None


@pytest.mark.parametrize(
    ("position", "level", "message"),
    [(0, 2, "CT0 differs from the baseline's by 0.3"), (1, 0, "the embedding of CT1 differs from the baseline's")],
)
def test_a_probe_shifted_by_a_position_is_a_broken_certificate(position, level, message):
    found = paths()
    found.distance[2, position, level] = 0.3
    with pytest.raises(CertificateError, match=message):
        later_distances(found)


def test_rounding_is_no_difference_and_nan_is():
    found = paths()
    found.distance[0, 0, 1] = 3e-7
    later_distances(found)
    found.distance[0, 0, 1] = np.nan
    with pytest.raises(CertificateError):
        later_distances(found)


def direct(reader, seed):
    found = paths(seed, hidden=reader - 1, condition=f"ct0_from_ct{reader}")
    return found


def test_cascade_is_what_is_left_beside_the_direct_effect():
    hidden, alone = paths(), {f"CT{k}": direct(k, k) for k in (2, 3, 4, 5)}
    left = cascade(hidden, alone)
    assert left.shape == (4, 4)
    assert left[:, 1] == pytest.approx(hidden.distance[:, 3, -1] - alone["CT3"].distance[:, 3, -1])


def test_hiding_from_one_reader_must_leave_the_thoughts_before_it_alone():
    with pytest.raises(CertificateError, match="CT1 differs"):
        cascade(paths(), {"CT3": paths(1, condition="ct0_from_ct3")})


def test_cascade_pairs_problems():
    with pytest.raises(PairingError, match="holds 4 problems and"):
        cascade(paths(), {"CT2": replace_ids(direct(2, 2))})


def replace_ids(found):
    return found.subset(found.problem_ids[:3])


def test_only_problems_that_were_right_can_break():
    found = paths(n=5)
    ids = found.problem_ids
    before = FakeRun("baseline", labels([True, True, False, True, False]), ids=ids)
    after = FakeRun("ct0_blocked", labels([False, True, False, True, True]), ids=ids)
    values, broken = divergence_and_breaking(found, before, after)
    assert values == pytest.approx(found.distance[[0, 1, 3], 1:6, -1].mean(axis=1).tolist())
    assert broken == [True, False, False]
    assert auc(values, broken, Question("increase")).groups == {"positive": 1, "negative": 2}


def test_strata_are_of_the_problems_that_were_right():
    features = tuple(SimpleNamespace(n_operations=count, has_division=count == 3) for count in (1, 2, 3, None, 5))
    before = FakeRun("baseline", labels([True, True, False, True, False]), features)
    assert strata_of_correct(before, ("n_operations", "has_division")) == {
        "n_operations": [1.0, 2.0, None],
        "has_division": [0.0, 0.0, 0.0],
    }


def test_runs_and_measurement_must_be_of_the_same_problems():
    run = FakeRun("baseline", labels([True] * 4), ids=("a", "b", "c", "d"))
    with pytest.raises(PairingError):
        divergence_and_breaking(paths(), run, run)


def test_the_baseline_has_no_distances():
    with pytest.raises(StatisticsError, match="has no distances"):
        later_distances(make(0, baseline=True))
    with pytest.raises(StatisticsError, match="'CT9' is no thought"):
        later_distances(paths(), "CT9")
