"""Ways to break a sweep, each seen by what certifies it; and one that only the edge count of its own cell can see.

What is planted in the tables of edges is seen in every cell. What is planted behind them (masks, attention, rows that
are handed on) is seen where a sampled cell meets it: each position, layer and head is in the sample.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ctlab
from ctlab.certify import cell_edges
from ctlab.engine import answers, decode_step, edge_factors, masks, plan, rollout
from ctlab.engine.level_factors import LevelFactors
from ctlab.errors import CertificateError
from ctlab.sweeps import Grid, proving
from ctlab.sweeps.cell_sample import sampled_cells
from ctlab.sweeps.sweeping import certified_outcomes
from tests.sweeps.making import ALL, PROBLEMS, TOKENS, model, swept

__all__ = ["model"]
FEW = PROBLEMS[:4]


def in_tables(change: Any) -> Any:
    """Plant a fault in the factors that the engine runs with."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        honest = edge_factors.edge_factors

        def faulty(conditions: Any, *given: Any, **more: Any) -> Any:
            planned = honest(conditions, *given, **more)
            factors = planned.factors.copy()
            for number, condition in enumerate(conditions):
                if condition.on_edges:
                    change(factors[number], planned.base, condition)
            return replace(planned, factors=factors)

        for module in (cell_edges, plan):
            patch.setattr(module, "edge_factors", faulty)

    return plant


def inverted_in_one_layer(part: Any, base: Any, condition: Any) -> None:
    layer = part.shape[0] - 1
    part[layer] = 1 - part[layer]


def one_layer_off(part: Any, base: Any, condition: Any) -> None:
    part[:] = np.roll(part, 1, axis=0)


def head_groups_swapped(part: Any, base: Any, condition: Any) -> None:
    part[:] = part[:, [2, 3, 0, 1]]


def one_thought_off(part: Any, base: Any, condition: Any) -> None:
    part[:] = np.roll(part, 1, axis=-1)


def half_weight_kept(part: Any, base: Any, condition: Any) -> None:
    part[part == 0] = 0.5


def no_op_cell(part: Any, base: Any, condition: Any) -> None:
    if condition.name == UNSAMPLED:
        part[:] = base


def masks_inverted_in_one_layer(patch: pytest.MonkeyPatch) -> None:
    honest = decode_step.decode_masks

    def faulty(*given: Any, **more: Any) -> Any:
        found = honest(*given, **more)
        # What is hidden can be read and what may be read is hidden, but for the new position itself.
        other = torch.where(found[1] == 0, -torch.inf, 0.0)
        other[..., -1] = 0.0
        return [found[0], other, *found[2:]]

    patch.setattr(rollout, "decode_masks", faulty)


def layers_shifted_behind_the_tables(patch: pytest.MonkeyPatch) -> None:
    honest = LevelFactors.of
    patch.setattr(LevelFactors, "of", lambda self, level: [*honest(self, level)[1:], honest(self, level)[0]])


def heads_rolled_behind_the_tables(patch: pytest.MonkeyPatch) -> None:
    honest = masks.decode_factors
    patch.setattr(masks, "decode_factors", lambda *given: honest(*given).roll(1, dims=1))


def weights_that_forget_the_mask(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(masks, "additive", torch.zeros_like)


def answers_of_the_next_cell(patch: pytest.MonkeyPatch) -> None:
    honest = answers.collect

    def faulty(planned: Any, indices: Any, rows: Any) -> Any:
        given = honest(planned, indices, rows)
        names = [name for name in given if name != "baseline"]
        return {**given, **{name: given[names[place - 1]] for place, name in enumerate(names)}}

    patch.setattr(answers, "collect", faulty)


IN_TABLES = [
    inverted_in_one_layer,
    one_layer_off,
    head_groups_swapped,
    one_thought_off,
    half_weight_kept,
    no_op_cell,
]
BEHIND = [
    masks_inverted_in_one_layer,
    layers_shifted_behind_the_tables,
    heads_rolled_behind_the_tables,
    weights_that_forget_the_mask,
]


def _unsampled() -> str:
    grid = Grid(positions=("CT0", "CT1", "CT2"), layers=(0, 1, 2), heads=(0, 1, 2, 3))
    chosen = sampled_cells(grid)
    return next(cell.name for number, cell in enumerate(grid.cells) if number not in chosen)


UNSAMPLED = _unsampled()
"""A cell that is not recomputed."""


def test_an_honest_sweep_is_certified(model: Any) -> None:
    found = swept(model, FEW)
    assert found.certificate.passed, found.certificate.failure()
    assert len(found.certificate.edges) == 36
    assert {found.certified(cell) for cell in range(36)} == {"edges", "recomputed"}


@pytest.mark.parametrize("change", IN_TABLES)
def test_a_fault_in_the_tables_is_seen_before_anything_is_answered(
    model: Any, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_tables(change)(monkeypatch)
    with pytest.raises(CertificateError, match="the certificate of the sweep failed: edges of cell"):
        swept(model, FEW)


@pytest.mark.parametrize("plant", BEHIND)
def test_a_fault_behind_the_tables_is_seen_in_the_sample(
    model: Any, plant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(CertificateError, match=r"the certificate of the sweep failed: cell \d+, condition"):
        swept(model, FEW)


def test_answers_that_are_handed_on_as_another_cells_are_seen_in_the_rows_that_answered(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_of_the_next_cell(monkeypatch)
    found = swept(model, FEW)
    assert "rows-of-the-run" in found.certificate.failure()
    assert found.outcomes.failure == found.certificate.failure()


def test_a_claim_is_given_no_outcomes_of_a_sweep_whose_certificate_failed(
    model: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lab = ctlab.Lab(model, FEW, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    assert certified_outcomes(lab._run, **ALL).failure == ""
    answers_of_the_next_cell(monkeypatch)
    other = ctlab.Lab(model, FEW, store=tmp_path / "other", max_new_tokens=TOKENS, progress=False)
    with pytest.raises(CertificateError, match=r"the certificate of the sweep failed: .*rows-of-the-run"):
        certified_outcomes(other._run, **ALL)


def test_in_a_cell_that_is_not_sampled_only_the_edge_count_sees_a_no_op(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the count the sweep would be certified, and the cell's answers the baseline's."""
    in_tables(no_op_cell)(monkeypatch)
    monkeypatch.setattr(proving, "_counted", lambda job: ({cell: 1 for cell in range(36)}, {}))
    assert swept(model, FEW).certificate.passed


def test_the_limit_what_is_lost_behind_the_tables_in_one_unsampled_cell_alone_is_not_seen(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that depends on layer and head together, in no cell of the sample: docs/sweep_runs.md says so."""
    init, honest = LevelFactors.__init__, LevelFactors.of

    def made(self: Any, planned: Any) -> None:
        init(self, planned)
        self.planned = planned

    def lost(self: Any, level: int) -> Any:
        found, names = honest(self, level), [condition.name for condition in self.planned.conditions]
        if UNSAMPLED not in names:
            return found
        branch = self.planned.tree.levels[level].branch_of[names.index(UNSAMPLED)]
        return [table.index_fill(0, torch.tensor([branch]), 1.0) for table in found]

    sound = swept(model, FEW, share=1.0)
    assert sound.certificate.passed
    monkeypatch.setattr(LevelFactors, "__init__", made)
    monkeypatch.setattr(LevelFactors, "of", lost)
    assert swept(model, FEW).certificate.passed
    with pytest.raises(CertificateError, match=UNSAMPLED):
        swept(model, FEW, share=1.0)


def test_a_cell_says_whether_it_was_recomputed(model: Any) -> None:
    found = swept(model, FEW)
    names = {cell.name: number for number, cell in enumerate(found.outcomes.grid.cells)}
    assert found.certified(names[UNSAMPLED]) == "edges"
    assert sorted(found.certificate.sampled) == list(sampled_cells(found.outcomes.grid))
    assert all(found.certified(cell) == "recomputed" for cell in found.certificate.sampled)
