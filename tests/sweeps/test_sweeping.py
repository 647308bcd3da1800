"""A sweep against brute force: every cell alone, through `ctlab.generate`; and its store, which is everybody's."""

import numpy as np
import pytest

import ctlab
from ctlab.errors import InputError, StatisticsError
from ctlab.interventions import BASELINE
from ctlab.outcomes import classify
from ctlab.sweeps import cell_labels, sweep_plan, tiles
from ctlab.sweeps.cell_labels import Labels
from tests.fakes import FakeEngine
from tests.lab.test_run_maker import calls
from tests.sweeps.making import PROBLEMS, TOKENS, model, swept

__all__ = ["model"]
AXES = {"positions": ["CT0", "CT2", "begin"], "layers": [0, 2], "heads": [1, 3], "readers": ["later", "answer"]}


@pytest.fixture
def told(monkeypatch):
    """Answers as they come to be labelled, by row."""
    found = {}
    fill = Labels.fill

    def telling(self, row, columns, answers, forms):
        found.setdefault(row, {}).update(zip(columns, answers, strict=True))
        fill(self, row, columns, answers, forms)

    monkeypatch.setattr(Labels, "fill", telling)
    return found


@pytest.mark.parametrize("small", [False, True], ids=["one plan", "many tiles"])
def test_every_cell_answers_as_it_does_alone_token_for_token(model, told, monkeypatch, small):
    if small:
        monkeypatch.setattr(tiles, "FACTOR_BYTES", 220_000)
        monkeypatch.setattr(tiles, "ANSWERS", 25)
    found = swept(model, **AXES)
    grid = found.outcomes.grid
    assert len(grid) == 24
    assert sorted(told) == list(range(25))
    for row, condition in enumerate([BASELINE, *(cell.condition for cell in grid.cells)]):
        alone = ctlab.generate(model, PROBLEMS, [condition], max_new_tokens=TOKENS, certificates=False)
        answers = alone[condition.name]
        assert [told[row][column].token_ids for column in range(7)] == [each.token_ids for each in answers]
        labels = [found.outcomes.names[code] for code in found.outcomes.labels[row]]
        assert labels == [
            str(classify(*pair).outcome) for pair in zip(PROBLEMS, (a.text for a in answers), strict=True)
        ]
        assert found.outcomes.lengths[row].tolist() == [len(each.token_ids) for each in answers]


@pytest.mark.parametrize("small", [False, True], ids=["one plan", "many tiles"])
def test_as_published_every_batch_is_the_official_one(model, told, monkeypatch, small):
    if small:
        monkeypatch.setattr(tiles, "FACTOR_BYTES", 220_000)
        monkeypatch.setattr(tiles, "ANSWERS", 25)
    found = swept(model, positions=["CT0", "CT1"], layers=[0, 1], heads=None, padding="as-published")
    for cell, place in enumerate(found.outcomes.grid.cells):
        of = place.condition
        alone = ctlab.generate(
            model, PROBLEMS, [BASELINE, of], max_new_tokens=TOKENS, padding="as-published", certificates=False
        )
        assert [told[cell + 1][column].token_ids for column in range(7)] == [each.token_ids for each in alone[of.name]]


def test_tiles_are_many_where_little_fits(model, monkeypatch):
    monkeypatch.setattr(tiles, "FACTOR_BYTES", 220_000)
    monkeypatch.setattr(tiles, "ANSWERS", 25)
    planned = ctlab.sweep(model, PROBLEMS, plan=True, progress=False, **AXES)
    assert len(planned.tiles.groups) > 2
    assert len(planned.tiles.blocks) > 2
    assert not planned.tiles.with_baseline


def test_a_cell_that_hides_nothing_new_is_not_alone_in_differing(model):
    """Some cell changes some answer, so that equality above could fail."""
    found = swept(model, positions="all", layers=None, heads=None)
    assert (found.outcomes.lengths[1:] != found.outcomes.lengths[0]).any() or (
        found.outcomes.labels[1:] != found.outcomes.labels[0]
    ).any()


def test_answers_are_those_that_a_lab_finds_and_the_other_way_round(model, tmp_path):
    lab = ctlab.Lab(model, PROBLEMS, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    lab.run("ct0_from_answer")
    found = swept(model, positions=["CT0", "CT1"], layers=None, heads=None, readers=["answer"], store=tmp_path)
    # CT0 was there, with the baseline that its labels need; CT1 was made.
    assert found.made == 7
    again = ctlab.Lab(model, PROBLEMS, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    assert again._run.lab.missing(["baseline", "ct0_from_answer", "ct1_from_answer"]) == {}
    run = again.run("ct1_from_answer")
    assert [len(each.token_ids) for each in run.generations] == found.outcomes.lengths[2].tolist()
    assert run.certificate.passed


def test_a_second_sweep_makes_nothing_and_says_the_same(model, tmp_path):
    first = swept(model, **AXES, store=tmp_path)
    again = swept(model, **AXES, store=tmp_path)
    assert (first.made, again.made) == (25 * 7, 0)
    assert np.array_equal(first.outcomes.labels, again.outcomes.labels)
    assert np.array_equal(first.outcomes.lengths, again.outcomes.lengths)
    assert again.certificate == first.certificate


def test_a_sweep_that_was_stopped_goes_on_where_it_was(model, tmp_path, monkeypatch):
    whole = swept(model, **AXES)
    monkeypatch.setattr(tiles, "ANSWERS", 60)
    fill, filled = Labels.fill, []

    def stopped(self, row, columns, answers, forms):
        filled.append(row)
        if len(filled) == 30:
            raise KeyboardInterrupt
        fill(self, row, columns, answers, forms)

    with monkeypatch.context() as patch:
        patch.setattr(Labels, "fill", stopped)
        with pytest.raises(KeyboardInterrupt):
            swept(model, **AXES, store=tmp_path)
    planned = ctlab.sweep(model, PROBLEMS, plan=True, store=tmp_path, max_new_tokens=TOKENS, progress=False, **AXES)
    assert 0 < planned.missing < planned.answers
    found = planned.run()
    assert found.made == planned.missing
    assert np.array_equal(found.outcomes.labels, whole.outcomes.labels)


def test_a_lab_sweeps_its_own_model_problems_and_store(model, tmp_path):
    lab = ctlab.Lab(model, PROBLEMS, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    found = ctlab.sweep(lab, positions="all")
    assert found.made == 4 * 7
    assert lab._run.lab.missing(["ct0_blocked", "ct1_blocked", "ct2_blocked"]) == {}
    assert "ct0_from_later" not in lab.conditions
    with pytest.raises(InputError, match="limit was given beside a lab, which has its own"):
        ctlab.sweep(lab, positions="all", limit=3)


def test_nothing_is_kept_without_a_store(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = swept(model, positions="all", layers=None, heads=None)
    assert found.made == 28
    assert not (tmp_path / ".ctlab").exists()


def test_each_text_of_a_problem_is_labelled_once(model, told, monkeypatch):
    read = []
    monkeypatch.setattr(
        cell_labels,
        "classify",
        lambda problem, text, forms: read.append((problem.id, text)) or classify(problem, text, forms),
    )
    swept(model, **AXES)
    said = {(PROBLEMS[column].id, answer.text) for row in told.values() for column, answer in row.items()}
    assert len(read) == len(set(read))
    assert set(read) == said
    assert len(said) < 175


def test_an_engine_of_ones_own_is_swept_and_says_that_its_edges_are_not_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problems = [ctlab.Problem(question=f"{n} and {n}?", gold=2 * n) for n in range(30)]
    found = ctlab.sweep(FakeEngine(), problems, positions="all", layers=[0, 1], progress=False)
    assert found.outcomes.grid.positions == ("CT0", "CT1", "CT2", "CT3", "CT4", "CT5")
    assert calls()[-1].startswith("generate 30 baseline ct0_from_later_layer0 ct0_from_later_layer1")
    assert "edges not counted" in found.certificate.said
    assert {found.certified(cell) for cell in range(12)} == {"recomputed", "nothing"}


def test_features_come_along_as_codes(model):
    found = swept(model, positions="all", layers=None, heads=None, by=["max_number >= 7", numbers])
    first, second = found.outcomes.features.values()
    assert list(found.outcomes.features) == ["max_number >= 7", "numbers"]
    assert first.levels == ("0", "1")
    assert [second.levels[code] for code in second.codes] == [str(numbers(each)) for each in PROBLEMS]


def test_rows_tell_of_each_cell(model):
    found = swept(model, positions="all", layers=[1], heads=None)
    right = found.outcomes.right
    table = found.to_frame()
    assert table["cell"].tolist() == [0, 1, 2]
    assert table["position"].tolist() == ["CT0", "CT1", "CT2"]
    assert table["layer"].tolist() == [1, 1, 1]
    assert table["correct"].tolist() == [right[row].mean() for row in (1, 2, 3)]
    assert table["change"].tolist() == [right[row].mean() - right[0].mean() for row in (1, 2, 3)]
    assert table["edges"].tolist() == [found.certificate.edges[cell] for cell in range(3)]
    assert repr(found).startswith("<Sweep of 3 cells × 7 problems: baseline ")
    assert "edges counted in every cell" in repr(found)


def numbers(problem):
    return sum(word.isdigit() for word in problem.question.split())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"positions": None, "layers": None, "heads": None}, "a sweep needs an axis"),
        ({"by": "stepps"}, "Problems have no feature 'stepps'"),
        ({"by": [numbers, numbers]}, "by names the feature 'numbers' twice"),
        ({"by": 3}, "by is the name of a feature"),
        ({"share": 0.01}, "share of recomputed cells is a number from 0.05 to 1"),
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"plan": 1}, "plan is True or False, not 1"),
        ({"position": "CT0"}, "ctlab.sweep has no argument 'position'; did you mean 'positions'"),
        ({"recorded": {}}, "ctlab.sweep has no argument 'recorded'"),
        ({"foo": 1}, "ctlab.sweep has no argument 'foo'; it takes positions, layers, heads, readers, by"),
        ({"positions": "CT3"}, "positions: CT3 does not exist, this model has CT0 … CT2"),
    ],
)
def test_wrong_requests_are_one_sentence(model, asked, said):
    with pytest.raises((InputError, StatisticsError), match=said):
        swept(model, **asked)


def test_no_answer_is_held_longer_than_its_tile(model, monkeypatch):
    """Of many tiles one is in memory: what was answered before is let go before the next one comes."""
    import gc

    from ctlab.records import Generation

    monkeypatch.setattr(tiles, "FACTOR_BYTES", 220_000)
    monkeypatch.setattr(tiles, "ANSWERS", 25)
    most, answers = [], sweep_plan.SweepJob.answers

    def counting(self, *given):
        gc.collect()
        most.append(sum(isinstance(each, Generation) for each in gc.get_objects()))
        return answers(self, *given)

    monkeypatch.setattr(sweep_plan.SweepJob, "answers", counting)
    swept(model, **AXES)
    assert len(most) > 9
    assert max(most[1:]) - most[0] <= 25
