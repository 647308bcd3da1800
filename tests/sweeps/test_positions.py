"""Forward positions of a sweep, against a count by hand and against the tree of the very plan."""

import pytest

from ctlab.engine.answers import plans_of
from ctlab.engine.layout import Layout
from ctlab.engine.plan import decoding_of
from ctlab.interventions import BASELINE, Intervention
from ctlab.lab.executors import ModelEngine
from ctlab.lab.executors.remote_model import RemoteModelEngine
from ctlab.settings import Settings
from ctlab.sweeps import Grid, tiles
from ctlab.sweeps.model_shape import ModelShape, model_shape
from ctlab.sweeps.positions import positions_of
from ctlab.sweeps.tiles import tiles_of
from tests.sweeps.making import PROBLEMS, model

__all__ = ["model"]


def shape(**more: object) -> ModelShape:
    given = {"layers": 3, "heads": 4, "hidden": (), "questions": [5, 7]} | more
    return ModelShape(layout=Layout(begin=1, thoughts=6, end=1), **given)


def test_a_thought_is_shared_until_somebody_reads_what_is_hidden() -> None:
    """With CTk hidden, all up to CTk itself is the baseline's: CTj has 1 + 12 j branches, end and answer all 73."""
    grid = Grid(positions=tuple(f"CT{k}" for k in range(6)), layers=(0, 1, 2), heads=(0, 1, 2, 3))
    found = positions_of(grid, tiles_of(grid, PROBLEMS[:2], shape()), shape(), answer=10)
    rows = 1 + sum(1 + 12 * j for j in range(6)) + (1 + 10) * 73
    assert found.shared == 12 + 2 * rows
    assert found.alone == 73 * (12 + 2 * (1 + 6 + 1 + 10))


@pytest.mark.parametrize(
    "grid",
    [
        Grid(positions=("CT0", "CT2", "begin"), layers=(0, 2), heads=(1, 3), readers=("later", "answer")),
        Grid(positions=("question", "thoughts"), layers=(1, 2)),
        Grid(heads=(0, 3)),
    ],
)
@pytest.mark.parametrize("small", [False, True])
def test_the_count_is_that_of_the_engines_own_plans(model, grid, small, monkeypatch):
    if small:
        monkeypatch.setattr(tiles, "FACTOR_BYTES", 220_000)
    questions = [problem.question for problem in PROBLEMS]
    of = ModelShape(
        layout=Layout(begin=len(model.begin_ids), thoughts=3, end=len(model.end_ids)),
        layers=3,
        heads=4,
        hidden=(),
        questions=[len(model.encode(question)) for question in questions],
    )
    cut = tiles_of(grid, PROBLEMS, of)
    groups = [[grid.cells[cell].condition for cell in group] for group in cut.groups]
    groups = [[BASELINE, *groups[0]]] if cut.with_baseline else [[BASELINE], *groups]
    counted = 0
    for group in groups:
        (planned,) = plans_of(model, PROBLEMS, group, decoding_of(model))
        first, *others = planned.tree.levels
        sizes = [*(len(step.rows) for step in planned.layout.steps), 9]
        counted += sum(of.questions) * len(first.parents)
        counted += len(PROBLEMS) * sum(len(level.parents) * size for level, size in zip(others, sizes, strict=True))
    assert positions_of(grid, cut, of, answer=9).shared == counted


def test_what_the_model_hides_in_some_layer_is_counted_there():
    hidden = (Intervention(keys=("CT0",), readers=("CT1",), layers=(1,)),)
    grid = Grid(positions=("CT0",), layers=(0, 2))
    of = shape(hidden=hidden)
    assert positions_of(grid, tiles_of(grid, PROBLEMS[:2], of), of).shared > 0


@pytest.mark.parametrize("name", ["tiny", "tiny-graphs-coconut", "tiny-graphs-pause-multipass", "tiny-graphs-cot"])
def test_the_shape_of_a_model_is_the_same_from_its_files_and_from_memory(name, tmp_path):
    settings = Settings(model=name, recorded={}, store=tmp_path, report=tmp_path)
    engine = ModelEngine(settings)
    files = model_shape(settings, engine, ["What is 3 + 4?", "A b"])
    assert engine.at_hand() is None
    engine.loaded_digest()
    memory = model_shape(settings, engine, ["What is 3 + 4?", "A b"])
    assert files == memory


def test_of_a_model_that_workers_have_in_memory_none_is_loaded_here(tmp_path, monkeypatch):
    class Elsewhere(RemoteModelEngine):
        def _put(self, question):
            pytest.fail("a worker was asked")

    settings = Settings(model="tiny", recorded={}, store=tmp_path, report=tmp_path)
    engine = Elsewhere(settings)
    monkeypatch.setattr(engine, "_model", lambda: pytest.fail("it was loaded"))
    assert model_shape(settings, engine, ["What is 3 + 4?"]).layers == 3
