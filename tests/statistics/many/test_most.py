from dataclasses import replace

import numpy as np
import pytest

from ctlab.claims import Kind, SweptAxes
from ctlab.errors import CertificateError, ClaimError, PairingError, StatisticsError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.records import Effect
from ctlab.statistics import most_in_sweep
from ctlab.statistics.many.all_cells import cell_differences
from ctlab.statistics.many.held_out import halves_of, held_out_most
from ctlab.sweeps import Grid, SweepOutcomes
from ctlab.sweeps.outcomes import Feature
from tests.claims.making import claim
from tests.statistics.fake_runs import Question
from tests.statistics.many.test_all_cells import outcomes

GRID = Grid(positions=("CT0", "CT1", "CT2"), layers=(0, 1), heads=(0, 1))


def swept(right, grid=GRID, ids=None):
    """A sweep of these outcomes."""
    return SweepOutcomes(
        grid=grid,
        problem_ids=tuple(ids or (f"p{row}" for row in range(right.shape[1]))),
        names=("LOGIC_ERROR", "CORRECT"),
        labels=right.astype(np.int8),
        lengths=np.ones(right.shape, np.int16),
    )


def test_it_is_the_held_out_difference_of_the_cell_that_was_picked():
    right = outcomes(effects=(0.0,) * 7 + (0.3,))
    found = most_in_sweep(swept(right), Question("decrease", margin=0.1, alpha=0.01), seed=4)
    half = halves_of([f"p{row}" for row in range(300)], 4)
    expected = held_out_most(right, half, margin=0.1, alpha=0.01)
    assert (found.estimate, found.low, found.high, found.p_value, found.n, found.lost) == (
        expected.effect.estimate,
        expected.effect.low,
        expected.effect.high,
        expected.effect.p_value,
        150,
        expected.effect.lost,
    )
    assert found.details["picked"] == GRID.cells[7].words == "CT1, layer 1, head 1"
    assert found.details["over_second"]["cell"] == GRID.cells[expected.over_second.cell].words
    assert found.details["sweep"]["estimates"] == cell_differences(right).estimate.tolist()
    assert found.details["sweep"]["marked"] == cell_differences(right, alpha=0.01).marked.tolist()
    assert Grid.from_json(found.details["sweep"]["grid"]) == GRID
    assert Effect.from_json(found.to_json()) == found


def test_a_sweep_whose_certificate_failed_is_no_evidence():
    failed = replace(swept(outcomes(effects=(0.3,))), failure="baseline: rows-of-the-run (2 of 24)")
    with pytest.raises(CertificateError, match="the certificate of the sweep failed: baseline: rows"):
        most_in_sweep(failed, Question("decrease"))


WHOLE = SweptAxes(positions="all", layers="all", heads="all")
AXES = ("position", "layer", "head")


@pytest.mark.parametrize(
    ("axes", "whole", "options", "said"),
    [
        (SweptAxes(positions="all"), AXES, {}, "a sweep over positions all, and the statistic .* with other layers;"),
        (WHOLE, ("position", "head"), {}, "was given one with other layers;"),
        (None, AXES, {}, "does not say over what its sweep goes, .* name it, as in sweep=SweptAxes"),
        (WHOLE, AXES, {"seed": 3}, "with seed=3, which makes other halves and is another try at the same claim"),
        (WHOLE, AXES, {"clusters": [0] * 300}, "with clusters, which makes other halves"),
    ],
)
def test_a_registered_claim_has_its_own_sweep_and_halves(axes, whole, options, said):
    with pytest.raises(ClaimError, match=said):
        most_in_sweep(replace(swept(outcomes(effects=(0.3,))), whole=whole), pending(axes), **options)


def test_a_registered_claim_is_about_all_problems():
    whole = replace(swept(outcomes(effects=(0.3,))), whole=AXES)
    codes = np.arange(300, dtype=np.int16) % 2
    parts = replace(whole, features={"steps": Feature(levels=("1", "2"), codes=codes)}).split("steps")
    with pytest.raises(ClaimError, match="is about all problems, and the statistic was given those of steps 2;"):
        most_in_sweep(parts["2"], pending(WHOLE))
    assert most_in_sweep(whole, pending(WHOLE)).n == 150


def pending(axes):
    registered = claim(kind=Kind.MOST, conditions=("baseline",), sweep=axes)
    return PendingClaim(registered, 0.05, lambda *_: None)


def test_the_order_of_problems_does_not_matter():
    right, ids = outcomes(effects=(0.1,)), [f"p{row}" for row in range(300)]
    order = np.random.default_rng(0).permutation(300)
    question = Question("decrease", alpha=0.05)
    shuffled = swept(right[:, order], ids=[ids[row] for row in order])
    assert most_in_sweep(shuffled, question) == most_in_sweep(swept(right), question)


def test_what_cannot_be_asked_is_refused():
    right = outcomes()
    with pytest.raises(StatisticsError, match="has a direction"):
        most_in_sweep(swept(right), Question("change"))
    with pytest.raises(PairingError, match="twice"):
        most_in_sweep(swept(right, ids=["p"] * 300), Question("decrease"))
    with pytest.raises(StatisticsError, match="Each half needs two problems"):
        most_in_sweep(swept(right[:, :3]), Question("decrease"))
