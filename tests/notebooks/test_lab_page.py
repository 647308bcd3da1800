"""The page about the lab: its code runs from top to bottom, and its tables name what there is."""

import inspect
import json
import re
from pathlib import Path

import pytest

import ctlab

PAGE = (Path(__file__).parents[2] / "docs" / "lab.md").read_text(encoding="utf-8")


def test_every_argument_and_picture_is_in_a_table():
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    arguments = [name for name in inspect.signature(ctlab.Lab).parameters if f"`{name}`" not in rows]
    assert arguments == []
    assert [name for name in ctlab.plot.__all__ if f"`{name}(" not in rows] == []


@pytest.mark.slow
def test_the_page_s_code_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.partition("## A suite's claims")[0], re.DOTALL)
    assert len(blocks) == 5
    for name, answer, right in (("base.jsonl", "output", 80), ("hidden.jsonl", "pred", 40)):
        asked = [
            {"question": each.question, answer: each.gold_text if k < right else "-1"}
            for k, each in enumerate(ctlab.load_problems("tiny").limited(80))
        ]
        Path(name).write_text("".join(json.dumps(row) + "\n" for row in asked), encoding="utf-8")
    # Fewer problems, and still enough of them for a verdict.
    code = "\n".join(blocks).replace("limit=300", "limit=80")
    exec(compile(code, "docs/lab.md", "exec"), {})
    out = capsys.readouterr().out
    assert "SUPPORTED −" in out
    assert out.splitlines()[-1] in ("SUPPORTED", "REFUTED", "INCONCLUSIVE")
