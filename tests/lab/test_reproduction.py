from types import SimpleNamespace

import pytest
from statsmodels.stats.proportion import proportion_confint

import ctlab.models
from ctlab.lab.reproduction import reproduction_line, wilson


@pytest.mark.parametrize(("count", "n"), [(0, 10), (10, 10), (1, 3), (733, 1319), (50, 100)])
def test_wilson_agrees_with_statsmodels(count, n):
    assert wilson(count, n) == pytest.approx(proportion_confint(count, n, alpha=0.05, method="wilson"), abs=1e-12)


def lab(correct=None, n=1319):
    run = SimpleNamespace(correct=lambda: (True,) * (correct or 0) + (False,) * (n - (correct or 0)))
    return SimpleNamespace(
        settings=SimpleNamespace(recorded={}, model="zen-E/CODI-llama3.2-1b-Instruct"),
        problems=SimpleNamespace(name="gsm8k"),
        available=lambda names: names if correct is not None else [],
        run=lambda name: run,
    )


@pytest.mark.parametrize(
    ("correct", "line"),
    [
        (None, "published 55.6 %, here not measured yet"),
        (737, "published 55.6 %, here 55.9 % [53.2 to 58.5 %] on 1,319: consistent"),
        (500, "published 55.6 %, here 37.9 % [35.3 to 40.6 %] on 1,319: NOT consistent"),
    ],
)
def test_the_published_accuracy_is_compared(monkeypatch, correct, line):
    monkeypatch.setattr(ctlab.models, "published_accuracy", lambda model, problems: 0.556)
    assert reproduction_line(lab(correct)) == line


def test_nothing_is_said_where_nothing_is_published(monkeypatch):
    monkeypatch.setattr(ctlab.models, "published_accuracy", lambda model, problems: None)
    assert reproduction_line(lab(737)) == ""
