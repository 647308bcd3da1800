import gc
import tracemalloc

import numpy as np
import pytest

from ctlab.interventions import Condition
from ctlab.outcomes import Outcome, Run, classify, labels
from ctlab.outcomes.labels import Labels, LabelWriter
from ctlab.outcomes.scored import scored
from ctlab.outcomes.taxonomy import _unlabelled
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Generation
from ctlab.records.packed_generations import PackedGenerations

PROBLEMS = load_problems("tiny")[:40]
TEXTS = ["The answer is: {}", "{}", "", "I do not know", "The answer is: 3 or 4 or {}", "no: {} no: 7", "−{},5 %"]


@pytest.fixture(scope="module")
def some():
    """Labels of every kind: read with and without a marker, hesitated over, broken in form, failed, scored."""
    found = [
        classify(problem, TEXTS[row % len(TEXTS)].format(problem.gold_number if row % 3 else row), {"The answer is: N"})
        for row, problem in enumerate(PROBLEMS)
    ]
    return (*found, _unlabelled(ValueError("of ours\ud800")), scored(right=True), scored(right=False))


def all_of(labels):
    for number in range(len(labels._held)):
        labels.pack(number)
    assert labels._held == [None] * len(labels._held)


def test_labels_read_as_those_that_were_given_packed_or_not(some):
    many = Labels(some * 9)
    assert tuple(many) == some * 9
    all_of(many)
    assert tuple(many) == some * 9
    assert [many[row] for row in range(len(many))] == list(some * 9)
    assert many[-2:] == some[-2:]
    assert many == some * 9
    assert some * 9 == many
    assert many != some
    assert len(many) == 9 * len(some)


def test_a_label_that_was_packed_and_changed_is_another_one(some):
    """The proof bites: what unpacking gave is compared, not what was held."""
    many = Labels(some)
    all_of(many)
    other = Labels([*some[1:], some[0]])
    many._packed[0] = other._packed[0] or (all_of(other), other._packed[0])[1]
    assert tuple(many) != some


def test_arrays_count_what_the_labels_say(some):
    many = Labels(some)
    for outcome in Outcome:
        assert many.has(outcome).tolist() == [each.outcome is outcome for each in some]
    assert many.form_broken.tolist() == [bool(each.extraction.form_broken) for each in some]
    assert many.ambiguous.tolist() == [each.extraction.ambiguous for each in some]
    assert many.flagged.tolist() == [each.extraction.flagged for each in some]
    assert many.without_marker.tolist() == [each.extraction.marker is None for each in some]
    assert many.failures == tuple(each.failure for each in some if each.failure)
    for array in (many.form_broken, many.ambiguous, many.flagged, many.without_marker):
        assert array.any()
        assert not array.all()
    assert list(many.rows()) == [each.to_json() for each in some]
    all_of(many)
    assert list(many.rows()) == [each.to_json() for each in some]


def test_labels_that_come_one_by_one_are_those_of_a_whole(some):
    writer = LabelWriter()
    for each in some * 7:
        writer.add(each)
    assert writer.labels() == Labels(some * 7)
    assert LabelWriter().labels() == ()


def test_what_was_read_first_is_packed_and_what_is_read_again_is_not(some, monkeypatch):
    monkeypatch.setattr(labels, "_fresh", labels._Recent(2))
    monkeypatch.setattr(labels, "_opened", labels._Recent(1))
    many = Labels(some * 20)  # several parts
    assert [part is None for part in many._held[-3:]] == [True, False, False]
    assert many[0] == some[0]
    assert many._held[0] is not None
    assert many[labels._PART] == (some * 20)[labels._PART]
    assert many._held[0] is None


def test_labels_that_nobody_holds_are_let_go(some, monkeypatch):
    monkeypatch.setattr(labels, "_fresh", labels._Recent(1))
    Labels(some)
    gc.collect()
    assert Labels(some * 20) == some * 20


ANSWERS, CONDITIONS = 3_000, 4


def test_a_run_takes_less_than_a_hundred_bytes_an_answer(monkeypatch):
    """A tuple of answers and labels takes some hundred bytes each, were they all alike: see the sabotage below."""
    monkeypatch.setattr(labels, "_fresh", labels._Recent(8))
    monkeypatch.setattr(labels, "_opened", labels._Recent(8))
    assert _bytes_an_answer(lambda answers: PackedGenerations.of(answers)) < 60


def test_the_bound_is_broken_by_answers_that_are_records(monkeypatch):
    monkeypatch.setattr(labels, "_fresh", labels._Recent(8))
    assert _bytes_an_answer(tuple) > 150


def _bytes_an_answer(held):
    problems = tuple(Problem(question=f"{n} + 1?", gold=n + 1) for n in range(ANSWERS))
    ids = tuple(problem.id for problem in problems)
    label = [classify(problems[0], text) for text in ("The answer is: 1", "The answer is: 2", "")]

    def run(name):
        answers = [Generation(problem_id=each, token_ids=(), text=f"The answer is: {n}") for n, each in enumerate(ids)]
        packed = held(answers)
        return Run(
            condition=Condition(name=name),
            problems=problems,
            generations=packed if isinstance(packed, tuple) else packed.called(ids),
            classifications=Labels(label[n % 3] for n in range(ANSWERS)),
        )

    run("first")  # what is imported and remembered once
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        runs = [run(f"c{number}") for number in range(CONDITIONS)]
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert [int(each.right.sum()) for each in runs] == [np.sum([n % 3 == 0 for n in range(ANSWERS)])] * CONDITIONS
    return taken / (ANSWERS * CONDITIONS)
