from types import SimpleNamespace

import numpy as np
import pytest

import ctlab.measures.ridge as ridge_module
from benchmarks.calibration_probes import CASES, supported
from ctlab.errors import StatisticsError
from ctlab.measures import StepNode, StepOperation, StepResult, fit_probe, held_out, probe_gain
from ctlab.measures.probe_halves import check_apart
from ctlab.problems import Problem
from ctlab.statistics import selectivity
from tests.measures.test_step_decoding import problem
from tests.statistics.fake_runs import Question

N, WIDTH = 400, 12
PROBLEMS = [Problem(question=f"How many are {number} boxes?", gold=str(number)) for number in range(N)]
HELD = held_out(PROBLEMS)
ASKED = Question("increase", margin=0.0, alpha=0.05)
DRAW = np.random.default_rng(11)
NOISE = DRAW.normal(size=(N, WIDTH))


def fit(states, labels, problems=PROBLEMS, held=HELD, **more):
    options = {"label": "a label", "thought": "CT0", "level": 1, "draws": 99, **more}
    return fit_probe(states, list(labels), problems, held, **options)


def planted(labels, strength=3.0, noise=NOISE):
    """States with one number for each label."""
    names = sorted(set(labels))
    states = noise.copy()
    states[:, : len(names)] += strength * np.array([[value == name for name in names] for value in labels])
    return states


def test_what_is_there_is_read_and_what_is_not_is_not():
    labels = DRAW.integers(0, 4, N).tolist()
    found = fit(planted(labels), labels)
    assert found.fit.accuracy > 0.85
    assert abs(found.fit.control_accuracy - 0.25) < 0.03
    effect = selectivity(found.fit, Question("increase", margin=0.5, alpha=0.05))
    assert effect.low > 0.5
    assert effect.p_value == 0.01  # what 99 labellings can give at least
    assert selectivity(fit(NOISE, labels).fit, ASKED).p_value > 0.05


def test_the_mean_is_the_difference_of_both_accuracies():
    found = fit(planted([k % 3 for k in range(N)], 1.0), [k % 3 for k in range(N)]).fit
    assert np.isclose(selectivity(found, ASKED).estimate, found.accuracy - np.mean(found.draws))
    assert len(found.right) + found.trained == N
    assert len(found.draws) == 99


def test_a_direction_has_length_one_and_points_from_one_label_to_another():
    labels = [k % 2 for k in range(N)]
    states = planted(labels)
    found = fit(states, labels)
    direction = found.direction(1, 0)
    assert np.isclose(np.linalg.norm(direction), 1.0)
    along = states @ direction
    assert along[1::2].mean() - along[::2].mean() > 2.0
    with pytest.raises(StatisticsError, match="has no label 7; its labels are 0, 1"):
        found.direction(7, 0)


# Nulls that break what an accuracy alone assumes.


def test_a_label_that_depends_on_the_length_of_the_question_alone_is_the_controls_too():
    lengths = DRAW.integers(10, 30, N).tolist()
    labels = [int(length % 7 > 2) for length in lengths]
    states = NOISE.copy()
    states[:, 0] = 5 * np.array(labels)  # as good as a state can tell it
    blind = fit(states, labels).fit
    fixed = fit(states, labels, held_fixed=lengths).fit
    assert selectivity(blind, ASKED).p_value == 0.01  # the sabotage: nothing held fixed
    assert fixed.accuracy == fixed.control_accuracy == 1.0
    assert selectivity(fixed, ASKED).p_value == 1.0


def test_a_rare_label_is_not_read_by_naming_the_common_one():
    labels = (DRAW.random(N) < 0.1).astype(int).tolist()
    found = fit(NOISE, labels).fit
    assert found.accuracy > 0.8
    assert abs(selectivity(found, ASKED).estimate) < 0.03
    assert selectivity(found, ASKED).p_value > 0.05


def doubled():
    """Every question four times with one state, and labels that mean nothing."""
    problems = [PROBLEMS[number // 4] for number in range(N)]
    labels = np.repeat(DRAW.integers(0, 2, N // 4), 4).tolist()
    states = np.repeat(DRAW.normal(size=(N // 4, 90)), 4, axis=0)
    return problems, labels, states


def test_a_question_asked_twice_counts_once_and_stands_on_one_side():
    problems, labels, states = doubled()
    held = held_out(problems)
    found = fit(states, labels, problems, held).fit
    assert selectivity(found, ASKED).p_value > 0.05
    assert found.trained + len(found.right) == N // 4  # copies are not several problems
    spaced = Problem(question=f"  {PROBLEMS[0].question.upper()} ", gold="0")
    assert held_out([spaced, PROBLEMS[0]])[0] == held_out([PROBLEMS[0]])[0]


def test_a_split_that_shares_questions_is_refused():
    """Sabotage: such a probe remembers, and its labels mean nothing."""
    problems, labels, states = doubled()
    with pytest.raises(StatisticsError, match="among those that the probe is fitted on and among those"):
        fit(states, labels, problems, [number % 2 == 0 for number in range(N)])
    apart = [Problem(question=f"{each.question} ({k})", gold="1") for k, each in enumerate(problems)]
    remembered = fit(states, labels, apart, [number % 2 == 0 for number in range(N)]).fit
    assert remembered.accuracy > 0.9  # what the refusal saves from


def test_false_positives_over_many_meaningless_labellings():
    """At α = .05 of 100 meaningless labels at most 11 may pass (99.5 % of a binomial), common and rare ones."""
    draw = np.random.default_rng(2)
    passed = 0
    for number in range(100):
        labels = (draw.random(N) < (0.5, 0.15)[number % 2]).astype(int).tolist()
        passed += selectivity(fit(NOISE, labels, draws=39, seed=number).fit, ASKED).p_value <= ASKED.alpha
    assert passed <= 11


# Types: a probe that knows which value it sees, and nothing of it.


def test_by_type_the_control_remembers_as_well():
    values = DRAW.integers(0, 10, N)
    digits = DRAW.permutation([0, 1] * 5)  # a meaningless property of a value
    labels = digits[values].tolist()
    states = planted(values.tolist(), 6.0)
    apart, typed = fit(states, labels).fit, fit(states, labels, types=values.tolist()).fit
    assert selectivity(apart, ASKED).estimate > 0.4  # the sabotage: labels shuffled as if no value came twice
    assert selectivity(typed, ASKED).p_value > 0.05
    assert typed.control_accuracy > 0.9


def test_problems_of_one_type_have_one_label_in_every_labelling(monkeypatch):
    seen = []
    fitting = ridge_module.Ridge.fit
    monkeypatch.setattr(
        ridge_module.Ridge, "fit", lambda self, labels, *rest: (seen.append(labels), fitting(self, labels, *rest))[1]
    )
    values = [k % 8 for k in range(N)]
    fit(NOISE, [value % 2 for value in values], types=values, draws=9)
    kept = [value for value, out in zip(values, HELD, strict=True) if not out]
    for labelling in np.concatenate(seen):
        assert len({(value, int(label)) for value, label in zip(kept, labelling, strict=True)}) == 8


# Sabotages of the fit itself.


def test_no_prediction_depends_on_another_held_out_state():
    """It would if means and scales were of all problems, or the penalty were chosen on those held out."""
    labels = [k % 3 for k in range(N)]
    states = planted(labels, 1.0)
    plain = fit(states, labels)
    moved = states.copy()
    row = HELD.index(True)
    moved[row] = 1e6
    other = fit(moved, labels)
    assert np.array_equal(plain.weights, other.weights)
    assert plain.fit.right[1:] == other.fit.right[1:]
    assert plain.fit.penalty == other.fit.penalty


def test_labels_that_are_held_out_are_not_fitted_on():
    labels = [k % 3 for k in range(N)]
    other = [(label + out) % 3 for label, out in zip(labels, HELD, strict=True)]
    assert np.array_equal(fit(NOISE, labels).weights, fit(NOISE, other).weights)


def test_a_seed_decides_everything():
    labels = [k % 3 for k in range(N)]
    assert fit(NOISE, labels).fit == fit(NOISE, labels).fit
    assert fit(NOISE, labels).fit.draws != fit(NOISE, labels, seed=1).fit.draws
    assert held_out(PROBLEMS, seed=1) != HELD
    assert 0.4 < np.mean(HELD) < 0.6
    assert held_out(PROBLEMS[::-1]) == HELD[::-1]


def test_two_probes_are_compared_problem_by_problem():
    labels = [k % 2 for k in range(N)]
    strong, weak = fit(planted(labels), labels).fit, fit(NOISE, labels).fit
    gain = probe_gain(strong, weak)
    assert np.isclose(gain.mean(), strong.accuracy - weak.accuracy)
    with pytest.raises(StatisticsError, match="one label of the same problems"):
        probe_gain(strong, fit(NOISE, labels, label="another").fit)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": [0] * N}, "A probe tells labels apart"),
        ({"labels": [0, 1]}, "give all of the same problems"),
        ({"draws": 0}, "at least one shuffled labelling"),
        ({"penalties": (0.0,)}, "Penalties are above 0"),
        ({"held_fixed": [1] * N, "types": [1] * N}, "not both"),
        ({"types": [1] * N}, "a type has one"),
        ({"held": [True] * N}, "problems to be fitted on"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    given = {"labels": [k % 2 for k in range(N)], **change}
    with pytest.raises(StatisticsError, match=message):
        fit(NOISE, **given)


def test_a_split_needs_a_share_and_one_side_a_problem():
    with pytest.raises(StatisticsError, match="between 0 and 1"):
        held_out(PROBLEMS, share=1.0)
    with pytest.raises(StatisticsError, match="one side for each"):
        check_apart(PROBLEMS, [True])


def test_labels_of_steps():
    each = problem(0, 3, 5, 7)  # 1003, 1008, 1015; the last one is the answer
    assert [StepResult(step=step).of(each) for step in (1, 2, 3)] == [3, 8, None]
    assert StepResult(step=2, modulo=2).of(each) == 0
    assert StepResult(step=2).type_of(each) == 1008
    assert [StepOperation(step=step).of(each) for step in (1, 3, 4)] == ["+", "+", None]
    graph = {"steps": ["Dan is a nagun.", "Every nagun is a kalum."], "idx_to_symbol": ["Dan", "nagun", "kalum"]}
    assert [StepNode(step=step).of(SimpleNamespace(fields=graph)) for step in (1, 2)] == ["nagun", None]
    equations = {"steps": ["<<1+2=3>>", "<<3+4=7>>"]}  # of rows in Coconut's form, whose steps reach no node
    assert StepNode(step=1).of(SimpleNamespace(fields=equations)) is None
    assert StepResult(step=2).words == "result of step 2, modulo 10"
    with pytest.raises(StatisticsError, match="counted from 1"):
        StepNode(step=0)
    with pytest.raises(StatisticsError, match="in whole numbers, got 'two'"):
        StepOperation(step="two")
    for modulo in (1, 2.5, "ten"):
        with pytest.raises(StatisticsError, match="modulo a whole number from 2"):
            StepResult(step=1, modulo=modulo)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_the_table_of_errors_is_drawn_as_it_says(name, case):
    """One draw of each row: without its control a row is supported, and with it not."""
    assert supported(case, seed=1) == name.startswith("−")
