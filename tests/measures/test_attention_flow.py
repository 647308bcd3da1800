from dataclasses import replace

import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.measures import hub_excess, question_excess, redistribution
from tests.probes.measured import make

THOUGHTS = 6


def by_distance(weights, *, n=2, layers=1, hub=0.0):
    """A model whose attention depends on distance alone (weights by distance, the question far away), and a hub."""
    found = make(0, n=n, thoughts=THOUGHTS, layers=layers, baseline=True)
    mass = np.zeros_like(found.mass)
    for reader in range(THOUGHTS):
        row = np.zeros(len(found.segments))
        row[found.segments.index("question")] = 1.0
        row[found.segments.index("itself")] = weights[0]
        for key in range(reader):
            row[found.segments.index(f"CT{key}")] = weights[reader - key] + (hub if key == 0 else 0.0)
        mass[:, reader] = row / row.sum()
    return replace(found, mass=mass.astype(np.float64), question_tokens=np.full(n, 20, dtype=np.int32))


@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1, 1), (2, 5, 4, 3, 2, 1), (1, 1, 2, 3, 5, 8)])
def test_attention_by_distance_alone_has_no_hub_however_many_thoughts_compete(weights):
    excess = hub_excess(by_distance(weights))
    assert list(excess) == ["CT2", "CT3", "CT4"]
    for values in excess.values():
        assert values == pytest.approx(0.0, abs=1e-6)


def test_a_hub_by_hand():
    # CT2 gives CT0 3 of 4; CT3, CT4 and CT5 give the thought two places back 1 of 2: 0.75 - 0.5.
    excess = hub_excess(by_distance((1, 1, 1, 1, 1, 1), hub=2.0))
    # CT3: 3 of 5 against 1 of 3; CT4: 3 of 6 against 1 of 4
    assert [values[0] for values in excess.values()] == pytest.approx([0.25, 3 / 5 - 1 / 3, 3 / 6 - 1 / 4])


def test_counting_readers_would_have_found_a_hub():
    mass = by_distance((1, 1, 1, 1, 1, 1)).mass
    columns = mass[0, :THOUGHTS, 0, 2 : 2 + THOUGHTS].sum(axis=0)
    assert columns[0] > 2 * columns[4]


def test_another_thought_may_be_the_hub():
    found = make(3, n=4, baseline=True)
    excess = hub_excess(found, "CT1")
    assert list(excess) == ["CT3", "CT4"]
    seen = found.mass.astype(float).mean(axis=2)
    share = seen[:, 3, 3] / (seen[:, 3, 3] + seen[:, 3, 4])  # CT3 reads CT1 (segment 3) and CT2 (segment 4)
    later = [seen[:, r, r] / (seen[:, r, r] + seen[:, r, r + 1]) for r in (4, 5)]
    assert excess["CT3"] == pytest.approx(share - np.mean(later, axis=0))


def test_proportional_renormalisation_is_no_finding():
    found = make(1, n=5)
    assert redistribution(replace(found, mass=found.expected)) == pytest.approx(0.0)


def test_redistribution_by_hand():
    found = make(1, n=5)
    mass = found.mass.copy()
    mass[:, : THOUGHTS + 1] = found.expected[:, : THOUGHTS + 1]
    for reader, segment in ((1, "CT1"), (2, "CT1"), (5, "CT2"), (6, "CT5"), (3, "question"), (3, "CT0"), (3, "itself")):
        mass[:, reader, :, found.segments.index(segment)] += 0.1
    # CT1 is no reader that has a choice, and question, key and itself are no other thoughts: 3 of 5 readers count.
    assert redistribution(replace(found, mass=mass)) == pytest.approx(0.1 * 3 / 5, abs=1e-6)


def test_uniform_attention_is_no_finding_although_the_share_falls():
    found = by_distance((1 / 20,) * 6)
    # one weight of 1 for 20 question tokens, and of 1 / 20 for begin: uniform over 20 + 1 + k + 1 positions
    begin = np.zeros_like(found.mass)
    for reader in range(THOUGHTS):
        row = found.mass[:, reader].copy()
        row[..., found.segments.index("begin")] = row[..., 0] / 20
        begin[:, reader] = row / row.sum(axis=-1, keepdims=True)
    found = replace(found, mass=begin)
    shares = found.mass[0, :THOUGHTS, 0, 0]
    assert (np.diff(shares) < 0).all()
    assert question_excess(found) == pytest.approx(0.0, abs=1e-6)


def test_question_excess_by_hand():
    found = make(2, n=3, baseline=True)
    excess = question_excess(found)
    assert excess.shape == (3, THOUGHTS)
    tokens = found.question_tokens[1]
    assert excess[1, 4] == pytest.approx(found.mass[1, 4, :, 0].mean() - tokens / (tokens + 1 + 5), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: redistribution(make(0, baseline=True)), "has no expected mass"),
        (lambda: hub_excess(make(0), "CT9"), "'CT9' is no thought"),
        (lambda: hub_excess(make(0), "CT4"), "No thought can be compared"),
        (lambda: hub_excess(by_distance((1, 0, 0, 0, 0, 0))), "no attention, so that shares do not exist"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()
