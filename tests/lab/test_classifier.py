import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.lab.classifier import Classifier, _columns, _rows
from ctlab.outcomes import Classification
from ctlab.outcomes.forms import UNKNOWN
from ctlab.problems import Problem, ProblemSet
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import Generation
from ctlab.source_digest import ROOT
from ctlab.store import GenerationStore
from tests.plugin.suite import problems
from tests.store.answers import key

PROBLEMS = ProblemSet("two", [Problem(question="3 + 4?", gold=7), Problem(question="6 - 2?", gold=4)])
TEXTS = {"baseline": ("The answer is: 7", "The answer is: 7"), "hidden": ("The answer is: 7", "The answer is: 5")}


def outcomes(name):
    return DerivedKey(kind="outcomes", run=key(name), code="1")


def said(name):
    return [Generation(problem_id=each.id, token_ids=(), text=t) for each, t in zip(PROBLEMS, TEXTS[name], strict=True)]


def test_what_is_stored_is_what_was_found_and_the_same_answer_is_read_once(tmp_path, monkeypatch):
    store = GenerationStore(tmp_path)
    first = {name: Classifier(store.derived, PROBLEMS, UNKNOWN).classify(outcomes(name), said(name)) for name in TEXTS}
    read = []
    from_json = Classification.from_json
    monkeypatch.setattr(Classification, "from_json", lambda form: read.append(form) or from_json(form))
    again = Classifier(store.derived, PROBLEMS, UNKNOWN)
    assert {name: again.classify(outcomes(name), said(name)) for name in TEXTS} == first
    # Both runs answer the first problem alike; the same text means something else for another problem.
    assert len(read) == 3
    assert first["baseline"][0] != first["baseline"][1]


def test_a_field_that_only_some_rows_have_is_theirs_again():
    rows = [{"a": 1, "b": None}, {"a": 2, "b": 3, "failure": "why"}, {"a": 4, "b": 5}]
    assert _rows(json.loads(json.dumps(_columns(rows)))) == rows
    assert _rows(_columns([])) == []


READ = """
import sys
from pathlib import Path
from ctlab.lab.run_maker import RunMaker
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
settings = Settings(problems="problems.jsonl", recorded={}, store=Path("store"), report=Path("reports"))
lab = RunMaker(settings, {}, FakeEngine(), FakeLog())
print(*(label.prediction for label in lab.run("baseline").classifications))
"""


@pytest.mark.slow
def test_answers_are_labelled_again_when_numbers_are_read_otherwise(tmp_path):
    """Answers stay, labels follow the source: the run that a hand-bumped version let pass on old labels."""
    (tmp_path / "problems.jsonl").write_text(problems(30), encoding="utf-8")
    source = tmp_path / "edited" / "ctlab"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns("__pycache__", "*.safetensors"))
    numbers = source / "problems" / "text" / "written_numbers.py"
    line = '        whole = int(match["digits"].replace(",", ""))\n'
    text = numbers.read_text(encoding="utf-8")
    assert line in text
    numbers.write_text(text.replace(line, line.replace('", "")', '", "").replace("5", "6")')), encoding="utf-8")

    def predictions(place):
        path = [str(place), str(Path(__file__).parents[2])]
        code = f"import sys; sys.path[:0] = {path}\n{READ}"
        result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
        return result.stdout

    before = predictions(ROOT.parent)
    assert "5" in before
    assert predictions(source.parent) == before.replace("5", "6")
    assert predictions(ROOT.parent) == before
    assert (tmp_path / "calls.log").read_text(encoding="utf-8").count("generate") == 1


def test_of_an_answer_that_was_only_scored_nothing_but_right_and_wrong_is_known(tmp_path):
    kept = GenerationStore(tmp_path).derived
    texts = ("(right)", "(wrong)")
    scored = [
        Generation(problem_id=each.id, token_ids=(), text=text, right=text == "(right)")
        for each, text in zip(PROBLEMS, texts, strict=True)
    ]
    for _ in range(2):  # worked out, then read
        right, wrong = Classifier(kept, PROBLEMS, UNKNOWN).classify(outcomes("baseline"), scored)
        assert (str(right.outcome), str(wrong.outcome)) == ("CORRECT", "UNEXPLAINED")
        assert right.prediction is wrong.prediction is None
        assert not wrong.explanations
        assert not wrong.failure
