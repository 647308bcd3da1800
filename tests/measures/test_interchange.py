"""Interchanges: counted on answers that are written down, and found where they were planted, and nowhere else."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.donors import donors
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.measures import (
    every_interchange,
    exchanges,
    interchange_map,
    interchange_table,
    interchanged,
    interchanged_beyond_same,
    interchanged_steps,
    interchanges,
    same_value_change,
    shown_pairs,
    with_length,
    within,
)
from ctlab.measures.fitting_donors import fitting_donors
from ctlab.outcomes import Run
from ctlab.problems import load_problems
from ctlab.records.generation import Generation
from ctlab.statistics import measured_mean, some_measured_mean
from tests.planted.engine import UnderCondition
from tests.planted.problem_file import write_problems

TINY = load_problems("tiny").limited(200).problems
GRAPHS = load_problems("tiny-graphs").limited(40).problems


def condition(thought=1, step=2, by="matched", pairs="crossed"):
    form = {"thoughts": [f"CT{thought}"], "by": by, "step": step, "pairs": pairs}
    name = f"ct{thought}_{by.replace('-', '_')}_{step}"
    return Condition.from_json({"name": name, "interventions": [form]})


def answered(which, say, problems=TINY):
    """A run in which ``say`` makes the answer of a problem with its pair; the own gold answer without one."""
    pairs = generated_pairs(tuple(problems), which.matching) if which.matching else {}
    generations = []
    for problem in problems:
        pair = pairs.get(problem.id)
        told = problem.gold_text if pair is None else say(problem, pair)
        text = str(told) if problem.kind == "entity" else f"The answer is: {told}"
        donor = "" if pair is None else pair.donor.id
        generations.append(Generation(problem_id=problem.id, token_ids=(), text=text, donor=donor))
    return Run.of(which, tuple(problems), generations)


def follow(problem, pair):
    return pair.expected


def keep(problem, pair):
    return problem.gold_text


def copy(problem, pair):
    return pair.donor.gold_text


@pytest.mark.parametrize("problems", [TINY, GRAPHS], ids=["numbers", "graphs"])
def test_answers_that_follow_are_told_from_those_that_stay_and_those_that_copy(problems):
    which = condition()
    n = len(generated_pairs(tuple(problems), which.matching))
    for say, accuracy, keeps in ((follow, 1.0, 0.0), (keep, 0.0, 1.0)):
        (row,) = interchange_table([answered(which, say, problems)])
        assert (row["n"], row["without_pair"]) == (n, len(problems) - n)
        assert (row["accuracy"], row["keeps"]) == (accuracy, keeps)
        assert row["low"] - 1e-9 <= accuracy <= row["high"] + 1e-9  # the interval's own rounding
        assert (row["thought"], row["step"], row["same"]) == ("CT1", 2, False)
    (row,) = interchange_table([answered(which, copy, problems)])
    last = [each for each in interchanges(answered(which, copy, problems)) if each.is_last]
    assert row["accuracy"] == len(last) / n
    assert row["keeps"] == (1.0 if problems is GRAPHS else 0.0)  # a crossed graph's donor has the own answer
    assert row["copies"] == (0.0 if problems is GRAPHS else 1.0)  # and of that nobody can say whose it is
    assert (row["by_chance"] is None) == (problems is GRAPHS)  # all pairs of a graph lead to its other candidate
    (row,) = interchange_table([answered(condition(by="matched-same"), keep, problems)])
    assert (row["same"], row["by_chance"], row["accuracy"]) == (True, None, 1.0)


def test_chance_is_what_the_pairs_lead_to_that_could_have_been_taken():
    run = answered(condition(), follow)
    for each in interchanges(run):
        met = sum(count for answer, count in each.alternatives.items() if answer == each.expected)
        assert each.by_chance == met / sum(each.alternatives.values())
    assert interchanged(run).mean() > 0.8
    assert (interchanged(answered(condition(), keep)) == 0).all()
    other = answered(condition(), lambda problem, pair: max(pair.alternatives))
    assert abs(interchanged(other).mean()) < 0.1


def test_of_graphs_a_pair_of_the_same_node_says_what_chance_is():
    with pytest.raises(StatisticsError, match="interchanged_beyond_same"):
        interchanged(answered(condition(), follow, GRAPHS))
    same = condition(by="matched-same")
    assert interchanged_beyond_same(answered(condition(), follow, GRAPHS), answered(same, keep, GRAPHS)).mean() == 1.0
    astray = answered(condition(), follow, GRAPHS), answered(same, copy, GRAPHS)
    assert interchanged_beyond_same(*astray).mean() == 0.0


def test_a_thought_that_copies_the_answer_counts_nothing_beside_a_pair_of_the_same_result():
    """With one number changed the donor's answer is the expected one: a copy follows, and follows the control too."""
    one, same = condition(pairs="generated"), condition(by="matched-same", pairs="generated")
    assert interchange_table([answered(one, copy)])[0]["accuracy"] == 1.0
    assert (interchanged_beyond_same(answered(one, copy), answered(same, copy)) <= 0).all()
    assert (interchanged_beyond_same(answered(one, follow), answered(same, keep)) > 0).all()


def test_pairs_of_the_same_result_change_nothing_or_do():
    same = condition(by="matched-same")
    baseline = answered(BASELINE, keep)
    assert (same_value_change([answered(same, keep)], baseline) == 0).all()
    lost = same_value_change([answered(same, copy), answered(condition(0, 1, "matched-same"), keep)], baseline)
    assert -0.6 < lost.mean() < -0.1
    parts = within(lost, 0.03)
    np.testing.assert_allclose(parts["no lower"] + parts["no higher"], 0.06)
    with pytest.raises(StatisticsError, match="another result"):
        same_value_change([answered(condition(), keep)], baseline)
    with pytest.raises(StatisticsError, match="No problem has a pair"):
        same_value_change([], baseline)


def test_parts_are_of_the_same_problems_and_lengths_of_each():
    first, second = (condition(k, k + 1) for k in range(2))
    same = [condition(k, k + 1, "matched-same") for k in range(2)]
    parts = every_interchange([answered(each, follow) for each in (first, second)], [answered(s, keep) for s in same])
    assert {*parts} == {"CT0 at step 1", "CT1 at step 2"}
    assert len({len(values) for values in parts.values()}) == 1
    lengths, values = with_length(answered(first, follow), answered(same[0], keep))
    assert len(lengths) == len(values)
    assert {*lengths} == {2, 3, 4, 5}
    short = interchanged_beyond_same(answered(first, follow), answered(same[0], keep), at_most=3)
    np.testing.assert_array_equal(short, values[lengths <= 3])
    lengths, _ = with_length(answered(first, follow, GRAPHS), answered(same[0], keep, GRAPHS))
    assert {*lengths} <= {3, 4, 5, 6}


def test_what_does_not_belong_together_is_refused():
    run, same = answered(condition(), follow), answered(condition(by="matched-same"), keep)
    with pytest.raises(StatisticsError, match="no interchange of the same result at step 2"):
        interchanged_beyond_same(run, answered(condition(step=1, by="matched-same"), keep))
    with pytest.raises(StatisticsError, match="no interchange of the same result"):
        interchanged_beyond_same(run, answered(condition(by="matched-same", pairs="generated"), keep))
    with pytest.raises(StatisticsError, match="feed other thoughts"):
        interchanged_beyond_same(run, answered(condition(0, by="matched-same"), keep))
    with pytest.raises(StatisticsError, match="nothing to follow"):
        interchanged(same)
    with pytest.raises(StatisticsError, match="one of the same result beside it"):
        interchanged_steps([run], [])
    with pytest.raises(StatisticsError, match="interchanges"):
        exchanges(run)
    with pytest.raises(StatisticsError, match="exchanges no thought"):
        interchanges(answered(BASELINE, keep))
    with pytest.raises(StatisticsError, match="do not say whose"):
        interchanges(Run.of(condition(), TINY, [replace(each, donor="") for each in run.generations]))
    with pytest.raises(PairingError, match="is not its pair"):
        interchanges(Run.of(condition(), TINY, [replace(each, donor="0" * 16) for each in run.generations]))


def test_donors_of_the_set_are_reckoned_alike():
    """Mined pairs, and donors that may differ elsewhere, have an expected answer too."""
    for pairs in ("mined", ""):
        form = {"thoughts": ["CT0"], "by": "matched", "step": 1} | ({"pairs": pairs} if pairs else {})
        which = Condition.from_json({"name": "c", "interventions": [form]})
        by_id, chosen = {problem.id: problem for problem in TINY}, donors(TINY, which.matching)
        generations = []
        for problem in TINY:
            donor = by_id.get(chosen.get(problem.id))
            gold = problem.gold if donor is None else problem.graph.results_with(1, donor.graph.results[0])[-1]
            generations.append(
                Generation(
                    problem_id=problem.id,
                    token_ids=(),
                    text=f"The answer is: {gold}",
                    donor="" if donor is None else donor.id,
                )
            )
        found = interchanges(Run.of(which, TINY, generations))
        assert len(found) == len(chosen) > 30
        assert all(each.follows and not each.keeps for each in found)
        fitting = fitting_donors(TINY, which.matching)
        for each in found:
            graph, lent = each.problem.graph, [by_id[donor].graph.results[0] for donor in fitting[each.problem.id]]
            assert each.alternatives == Counter(graph.results_with(1, result)[-1] for result in lent)
        assert any(count > 1 for each in found for count in each.alternatives.values())


def test_pairs_are_shown_as_people_read_them():
    shown = shown_pairs(answered(condition(), follow), 3)
    assert len(shown) == 3
    assert {each["became"] for each in shown} == {"expected"}
    assert all(each["question"] != each["donor"] and each["expected"] == each["answer"] for each in shown)
    assert {each["became"] for each in shown_pairs(answered(condition(), keep))} == {"own"}
    assert {each["became"] for each in shown_pairs(answered(condition(), lambda *_: 12345))} == {"another"}
    copied = {each["became"] for each in shown_pairs(answered(condition(), copy))}
    assert copied == {"expected", "donor's"}


# Planted ground truth -------------------------------------------------------------------------------------------------


class Carrier:
    """CTj works step j + 1 out from the thought before it; the answer reads the one of the last step."""

    thoughts = 6
    step_of = (1, 2, 3, 4, 5, 6)

    def thought(self, k, problem, seen):
        step = self.step_of[k]
        if step > len(problem.steps):
            return None
        if step == 1:
            return problem.steps[0].result
        before = seen[self.step_of.index(step - 1)]
        each = problem.steps[step - 1]
        return {"+": before + each.right, "-": before - each.right, "*": before * each.right}[each.op]

    def answer(self, problem, seen):
        return seen[self.step_of.index(len(problem.steps))]


class Later(Carrier):
    """The same one thought later: CT0 is a placeholder."""

    step_of = (7, 1, 2, 3, 4, 5)


class Pause(Carrier):
    """Each thought is one trained vector, the same for all problems; the answer is worked out from the question."""

    def thought(self, k, problem, seen):
        return "pause"

    def answer(self, problem, seen):
        return problem.steps[-1].result


class Unread(Carrier):
    """Thoughts hold the results, and the answer does not depend on them."""

    answer = Pause.answer


class Copies(Carrier):
    """CT1 holds the final answer and nothing else, and is what is answered."""

    def thought(self, k, problem, seen):
        return problem.steps[-1].result if k == 1 else "pause"

    def answer(self, problem, seen):
        return seen[1]


class Guesses(Pause):
    """The answer is a number that some pair or other leads to, whatever is thought."""

    def answer(self, problem, seen):
        graph, first = problem.of.graph, problem.steps[0].result
        return int(graph.results_with(1, first + 1 + problem.index % 7)[-1])


MODELS = (Carrier, Later, Pause, Unread, Copies, Guesses)


@pytest.fixture(scope="module")
def planted_problems(tmp_path_factory):
    path = write_problems(tmp_path_factory.mktemp("planted") / "problems.jsonl", per_length=60)
    return load_problems(str(path)).problems


def planted(model, which, problems):
    run = UnderCondition(model(), which, problems)
    return Run.of(which, problems, [run.generation(problem) for problem in problems])


@pytest.fixture(scope="module")
def found(planted_problems):
    """Tables and cells of a planted model, thoughts 0 to 3 by steps 1 to 3."""
    known = {}

    def of(model):
        if model not in known:
            asked = [(k, step) for k in range(4) for step in (1, 2, 3)]
            runs = [planted(model, condition(k, step), planted_problems) for k, step in asked]
            same = [planted(model, condition(k, step, "matched-same"), planted_problems) for k, step in asked]
            known[model] = interchange_table(runs), interchanged_steps(runs, same), interchange_table(same)
        return known[model]

    return of


each_model = pytest.mark.parametrize(
    "model", [pytest.param(model, marks=() if model is Carrier else pytest.mark.slow) for model in MODELS]
)


def holds(model, thought):
    return model.step_of[thought] if model in (Carrier, Later) else None


@each_model
def test_what_was_planted_is_found_at_its_cell_and_nothing_elsewhere(found, model):
    table, cells, same = found(model)
    for row, cell in zip(table, cells, strict=True):
        assert (row["thought"], float(row["step"])) == (cell.place.thought, cell.place.value)
        assert row["n"] > 50
        assert len(cell.values) > 30
        if holds(model, int(row["thought"][2:])) == row["step"]:
            assert row["accuracy"] == 1.0
            assert cell.values.mean() > 0.9  # what is missing is what chance has
        else:
            # Where the step is the last its result is the answer, and who holds the answer holds it.
            assert cell.more["rate"] <= 0.06
            assert cell.values.mean() <= 0.02
    kept = [row["keeps"] for row in same]
    assert min(kept) == 1.0 or model in (Copies, Guesses, Carrier, Later)
    of_what_it_holds = [row["keeps"] for row in same if holds(model, int(row["thought"][2:])) == row["step"]]
    assert all(share == 1.0 for share in of_what_it_holds)


def claimed(cells):
    question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    effect = some_measured_mean(cells, question, asks="x", labels=("yes", "no"), bounds=(-1.0, 1.0))
    return {(row["thought"], row["value"]) for row in effect.details["cells"] if row["label"] == "yes"}


@each_model
def test_a_claim_says_yes_of_what_was_planted_and_of_nothing_else(found, model):
    truth = {(f"CT{k}", float(step)) for k in range(4) for step in (1, 2, 3) if holds(model, k) == step}
    large = {(cell.place.thought, cell.place.value) for cell in found(model)[1] if len(cell.values) >= 50}
    assert claimed(found(model)[1]) == truth & large
    assert bool(truth & large) == (model in (Carrier, Later))


def test_a_table_is_a_heat_map(found):
    shown = interchange_map(found(Carrier)[0])
    assert {*shown} == {"CT0", "CT1", "CT2", "CT3"}
    assert shown["CT0"]["step 1"] == shown["CT2"]["step 3"] == 1.0
    assert {*shown["CT3"]} == {"step 1", "step 2", "step 3"}
    assert interchange_map(found(Carrier)[2]) == {}


@pytest.mark.slow
def test_answers_that_depend_on_no_pair_err_at_the_level():
    """Pairs drawn anew for answers that stay as they are: the test of `interchanged` at .05."""
    first = answered(condition(0, 1, pairs="generated"), lambda problem, pair: min(pair.alternatives))
    kept = [each for each in interchanges(first) if each.can_differ]
    rng, question = np.random.default_rng(3), SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    drawn = np.empty((len(kept), 300))
    for row, each in enumerate(kept):
        weights = np.array([*each.alternatives.values()], dtype=float)
        met = np.array([each.says(answer) for answer in each.alternatives], dtype=float)
        drawn[row] = rng.choice(met, size=300, p=weights / weights.sum()) - each.by_chance
    false = sum(
        effect.p_value <= 0.05 and effect.low > 0
        for effect in (measured_mean(values, question, bounds=(-1.0, 1.0)) for values in drawn.T)
    )
    assert false / 300 < 0.05 + 3 * (0.05 * 0.95 / 300) ** 0.5
