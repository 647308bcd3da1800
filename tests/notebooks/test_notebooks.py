"""The notebooks run from top to bottom, say and draw what they promise, and are kept without their outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXPECTED = {
    "first_look": (
        1,
        [
            r"2 runs of 300 problems",
            r"SUPPORTED</span> <span[^>]*>ct0-lowers-accuracy",
            r"−22\.0 points \(90 % interval −26\.5 to −17\.8, n = 300\)",
            r"Exploratory: asked when the answers were there",
            r"is read as 6 and labelled LOGIC_ERROR",
        ],
    ),
    "sweep": (4, [r"22 runs of 300 problems", r"<td[^>]*>INCONCLUSIVE</td><td[^>]*>ct5-is-read</td>"]),
    "two_result_files": (
        1,
        [
            r"B − A: −12\.3 points \(95 % interval −16\.6 to −9\.1, n = 300\), 37 lost, 0 gained, p &lt; \.0001",
            r"REFUTED</span> <span[^>]*>A and B lie within ±2\.0 points",
            r"The difference is not the same in all groups \(permutation test, p = \.0005\)",
        ],
    ),
}
"""Pictures that a notebook draws, and what its outputs must say."""


def test_every_notebook_is_here():
    assert [path.stem for path in NOTEBOOKS] == sorted(EXPECTED)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs_and_told_of(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count] == []
    links = re.findall(r"\]\((?!https?:)([^)#]+)", "\n".join(cell.source for cell in notebook.cells))
    assert [link for link in links if not (path.parent / link).exists()] == []
    assert f"notebooks/{path.name}" in (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.long if path.stem == "sweep" else pytest.mark.slow)
        for path in NOTEBOOKS
    ],
)
def test_a_notebook_runs_and_says_what_it_promises(path, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()  # a cell that fails raises
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    data = [output.data for output in outputs if "data" in output]
    said = "\n".join([output.text for output in outputs if output.output_type == "stream"])
    shown = "\n".join([said, *(each.get("text/html") or each.get("text/plain", "") for each in data)])
    pictures, sentences = EXPECTED[path.stem]
    assert sum("image/png" in each for each in data) == pictures
    assert [sentence for sentence in sentences if not re.search(sentence, shown)] == []
    assert "Warning" not in said
