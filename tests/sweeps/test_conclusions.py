import json
import re
from pathlib import Path

import numpy as np
import pytest

from ctlab.errors import InputError
from ctlab.statistics.many.all_cells import cell_differences
from ctlab.statistics.many.axis_means import axis_means
from ctlab.statistics.many.held_out import halves_of, held_out_most
from ctlab.sweeps import sweep_effects
from tests.statistics.many.test_all_cells import outcomes
from tests.statistics.many.test_most import GRID, swept

ROOT = Path(__file__).parents[2]
RIGHT = outcomes(effects=(0.0, 0.0, 0.0, 0.3))
EFFECTS = sweep_effects(swept(RIGHT))


def test_it_is_what_the_statistics_say():
    ids = [f"p{row}" for row in range(300)]
    cells, most = cell_differences(RIGHT), held_out_most(RIGHT, halves_of(ids), alpha=0.05)
    assert EFFECTS.cells.low.tolist() == cells.low.tolist()
    assert (EFFECTS.most.cell, EFFECTS.most.effect) == (most.cell, most.effect) == (3, most.effect)
    assert list(EFFECTS.by_axis) == ["position", "layer", "head"]
    for axis, places in EFFECTS.by_axis.items():
        expected = axis_means(RIGHT, GRID.along(axis))
        assert [each.effect for each in places] == [each.effect for each in expected]
    raised = sweep_effects(swept(~RIGHT), direction="increase")
    assert raised.most.cell == 3
    assert raised.most.effect.estimate == -most.effect.estimate


def test_a_table_and_json_have_one_row_a_cell():
    table = EFFECTS.to_frame()
    assert len(table) == 12
    row = table.loc[3].to_dict()
    assert (row["position"], row["layer"], row["head"], row["reader"]) == ("CT0", 1, 1, None)
    assert row["differs"]
    assert row["difference"] == (row["gained"] - row["lost"]) / row["n"]
    form = json.loads(json.dumps(EFFECTS.to_json()))
    assert form["most"]["cell"] == {"position": "CT0", "layer": 1, "head": 1}
    assert form["cells"][3]["difference"] == row["difference"]
    assert [each["place"] for each in form["by_axis"]["position"]] == ["CT0", "CT1", "CT2"]


def test_it_prints_what_matters():
    said = repr(EFFECTS).splitlines()
    assert said[0].startswith("12 cells × 300 problems: ")
    assert said[1].startswith("most: CT0, layer 1, head 1, −")
    assert said[2].lstrip().startswith("+")
    assert "by layer:" in said


def test_what_is_no_sweep_is_refused():
    with pytest.raises(InputError, match=r"what ctlab\.sweep returned"):
        sweep_effects(RIGHT)
    with pytest.raises(InputError, match="direction is"):
        sweep_effects(swept(RIGHT), direction="change")
    with pytest.raises(InputError, match="no answer of this sweep"):
        sweep_effects(swept(RIGHT), outcome="SIGN_ERROR")
    with pytest.raises(InputError, match="this sweep has one; raise its limit"):
        sweep_effects(swept(RIGHT[:, :1]))


def test_halves_are_those_of_ids_and_of_a_seed():
    picked = {sweep_effects(swept(outcomes(seed=2)), seed=seed).most.cell for seed in range(6)}
    assert len(picked) > 1, "where nothing differs, each half picks by chance"
    assert np.isfinite(EFFECTS.cells.p_value).all()


@pytest.mark.slow
def test_the_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    exec(compile(example.replace("limit=200", "limit=60"), "docs/sweeps.md", "exec"), {})
    assert (tmp_path / "sweep.png").stat().st_size > 10_000
    assert "6 cells × 60 problems" in capsys.readouterr().out
