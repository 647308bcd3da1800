"""Scores against the independent float64 reference, whatever stands beside them in a batch; and what is refused."""

import json
import math

import numpy as np
import pytest
import torch

import ctlab
from ctlab.engine import decoding_of, generate_batches, tokens
from ctlab.engine.control_token import control_position
from ctlab.errors import InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.probes.scored_answers import scored
from ctlab.problems import Problem
from ctlab.problems.answer_texts import answer_texts
from ctlab.records.scores import Scores
from tests.engine.oracle import Oracle
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
FORMS = {
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "ct1_halved": [{"keys": ["CT1"], "readers": "later", "keep": 0.5, "heads": [0]}],
    "from_answer": [{"keys": "thoughts", "readers": "answer"}],
    "question_from_answer": [{"keys": "question-control", "readers": "answer"}],
}
CONDITIONS = [BASELINE, *(Condition.from_json({"name": n, "interventions": f}) for n, f in FORMS.items())]
# Of several lengths, none, and two with the same first token.
TEXTS = [("3", "a b c d 4 5", "z"), (), ("7 f", "7 f g 12 e"), ("5",), ("a", "b", "c", "d"), ("z y 8 x",), ("b b",)]
GIVEN = {problem.id: texts for problem, texts in zip(PROBLEMS, TEXTS, strict=True)}
AT = ["answer", "CT0", "CT4"]
# Measured: 1.2e-10 and 2.6e-6, 7.0e-7 and 7.3e-6, 4.0e-5 and 8.3e-4.
LARGEST = {
    ("coconut", "float64"): 1e-9,
    ("coconut", "float32"): 2e-5,
    ("gpt2", "float64"): 3e-6,
    ("gpt2", "float32"): 3e-5,
    ("llama", "float64"): 2e-4,
    ("llama", "float32"): 3e-3,
}


@pytest.fixture(scope="module", params=["gpt2", "llama", "coconut"])
def answerer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    coconut = request.param == "coconut"
    form = write_coconut(folder, seed=5) if coconut else write_codi(folder, request.param, seed=5, tied=False)
    config = json.loads((folder / "base" / "config.json").read_text())
    return load_model(folder, settings=form, allow_pickle=True), Oracle.read(folder, config, form)


def of(model, conditions=CONDITIONS, problems=PROBLEMS, given=GIVEN, at=AT, **options):
    return scored(model, problems, conditions, decoding_of(model), answer_texts(problems, given), at=at, **options)[0]


def dense(oracle, model, problem, ids, interventions):
    """Log-probability of ids, of the end after them, and of the first one before each thought: one piece each."""
    prompt = model.encode(problem.question)
    control = control_position(model, problem.id, prompt)
    before = []
    oracle.answer(prompt, interventions, 1, control, lambda _, state, made: (before.append(state), made)[1])
    begin, end, eos, considered = oracle._ids()
    thoughts = oracle.settings["num_latent"]
    names = ["question"] * len(prompt) + ["begin"] * len(begin) + [f"CT{k}" for k in range(thoughts)]
    names += ["end"] * len(end) + ["answer"] * len(ids)
    made = torch.stack([oracle._project(state) for state in before])
    table = oracle.embedding
    fed = torch.cat([table[prompt], table[begin], made, table[end], table[list(ids)]])
    states = oracle._forward(fed, oracle._keep(names, interventions, control))[len(fed) - len(ids) - 1 :]

    def told(states):
        return (states @ oracle._head().T)[:, :considered].log_softmax(-1)

    each = told(states)[range(len(ids) + 1), [*ids, eos]]
    return float(each[:-1].sum()), float(each[-1]), told(torch.stack(before))[:, ids[0]].numpy()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scores_are_those_of_a_forward_pass_over_each_answer(answerer, dtype):
    model, oracle = answerer
    found = of(model.cast(dtype))
    worst = 0.0
    for condition in CONDITIONS:
        own, interventions = found[condition.name], FORMS.get(condition.name, [])
        for row, problem in enumerate(PROBLEMS):
            for number, ids in enumerate(own.token_ids[row]):
                inside, end, before = dense(oracle, model, problem, ids, interventions)
                worst = max(worst, abs(own.of(row, end=False)[number] - inside))
                worst = max(worst, abs(own.of(row)[number] - inside - end))
                worst = max(worst, *(abs(own.at_thought(k, row)[number] - before[k]) for k in (0, 4)))
    # Three times the largest distance or more. Exact but for log(0.5), which masks hold in float32, is Coconut; CODI's
    # adapters are merged in float32; Llama's norm and angles stay float32 in transformers whatever the type, and six
    # thoughts of a network without training enlarge that.
    kind = "coconut" if model.settings.family == "coconut" else model.network.config.model_type
    assert worst < LARGEST[kind, dtype]


def test_probabilities_of_all_first_tokens_sum_to_one(answerer):
    model, _ = answerer
    words = [model.decode([token]) for token in range(2, model.tokenizer.vocab_size)]
    problem = PROBLEMS[0]
    (found,) = of(
        model, [BASELINE], [problem], {problem.id: [word for word in words if word.strip() and word != "<unk>"]}
    ).values()
    inside = np.exp(found.of(0, end=False)).sum()
    # What is left are the end, <bos>, <unk> and the ids that training added.
    assert 0.5 < inside < 1.0
    assert found.mass(0, 0, found.texts[0]) < 1.0


def test_neither_batches_nor_conditions_nor_answers_beside_it_change_a_score(answerer):
    model, _ = answerer
    together = of(model)
    alone = of(model, [CONDITIONS[1]], batch_tokens=1)["ct0_blocked"]
    assert np.allclose(alone.log_probability, together["ct0_blocked"].log_probability, atol=1e-4)
    assert np.allclose(alone.first, together["ct0_blocked"].first, atol=1e-4)
    one = of(model, [BASELINE], PROBLEMS[4:5], {PROBLEMS[4].id: ("c",)})["baseline"]
    assert one.of(0)[0] == pytest.approx(together["baseline"].of(4)[2], abs=1e-4)


def test_logits_that_are_made_a_few_rows_at_a_time_are_those_of_the_same_rows(answerer, monkeypatch):
    """As where a thousand rows ask of a vocabulary of 128,000: no part may be read by another part's rows."""
    model, _ = answerer
    together = of(model)
    monkeypatch.setattr(tokens, "_LOGITS_AT_ONCE", 3 * model.logits_considered)
    for name, parted in of(model).items():
        assert np.allclose(parted.log_probability, together[name].log_probability, atol=1e-4)
        assert np.allclose(parted.end, together[name].end, atol=1e-4)
        assert np.allclose(parted.first, together[name].first, atol=1e-4)


def test_a_no_op_scores_as_the_baseline_does(answerer):
    model, _ = answerer
    form = {"name": "no_op", "no_op": True, "interventions": [{"keys": ["CT0"], "readers": "later", "keep": 1.0}]}
    found = of(model, [BASELINE, Condition.from_json(form)])
    assert np.allclose(found["no_op"].end, found["baseline"].end, atol=1e-4)


def test_what_is_answered_in_the_same_pass_is_what_is_answered_without_scoring(answerer):
    model, _ = answerer
    decoding = decoding_of(model, max_new_tokens=5)
    _, said = scored(model, PROBLEMS, CONDITIONS, decoding, answer_texts(PROBLEMS, GIVEN), answering=True)
    freely = {}
    for batch in generate_batches(model, PROBLEMS, CONDITIONS, decoding):
        for name, generations in batch.items():
            freely.setdefault(name, {}).update((each.problem_id, each.token_ids) for each in generations)
    assert {name: {each.problem_id: each.token_ids for each in own} for name, own in said.items()} == freely


def test_an_answer_that_the_model_gives_is_as_probable_as_its_tokens_in_turn(answerer):
    model, _ = answerer
    ids = model.tokenizer.encode("c d", add_special_tokens=False)
    problem = PROBLEMS[0]
    found = of(model, [BASELINE], [problem], {problem.id: ("c", "c d")})["baseline"]
    assert found.token_ids[0][1] == tuple(ids)
    assert found.of(0, end=False)[1] < found.of(0, end=False)[0] < 0
    assert found.mass(0, 0, ["c", "c d"]) == pytest.approx(math.exp(found.at_thought(0, 0)[0]))  # one first token


def test_an_early_answer_is_scored_where_it_starts(answerer):
    model, _ = answerer
    early = Condition(name="after_2", num_thoughts=2)
    found = of(model, [BASELINE, early], at=["answer"])
    alone = of(model, [early], at=["answer", "CT1"])
    assert np.allclose(found["after_2"].end, alone["after_2"].end, atol=1e-4)
    assert not np.allclose(found["after_2"].end, found["baseline"].end, atol=1e-3)
    with pytest.raises(InputError, match=r"under after_2 no CT4 is thought \(it feeds 2\)"):
        of(model, [early])


def test_scores_are_read_back_to_the_last_bit(answerer):
    model, _ = answerer
    found = of(model)["ct0_blocked"]
    again = Scores.from_bytes(found.to_bytes())
    assert (again.problem_ids, again.texts, again.token_ids, again.gold, again.at) == (
        found.problem_ids,
        found.texts,
        found.token_ids,
        found.gold,
        found.at,
    )
    for name in ("log_probability", "end", "first"):
        assert np.array_equal(getattr(again, name), getattr(found, name))
    assert repr(again) == "Scores('ct0_blocked': 12 answers to 7 problems, at CT0, CT4)"
    with pytest.raises(InputError, match="these are no scores"):
        Scores.from_bytes(b"nothing")


@pytest.mark.parametrize(
    ("given", "at", "said"),
    [
        ({problem.id: ("gibberish",) for problem in PROBLEMS}, AT, "'gibberish' of problem .* reads"),
        ({problem.id: ("",) for problem in PROBLEMS}, AT, "is given an empty answer"),
        ({problem.id: ("a", "a") for problem in PROBLEMS}, AT, "the answer 'a' twice"),
        ({problem.id: "a" for problem in PROBLEMS}, AT, "are a list of texts, not 'a'"),
        ({problem.id: () for problem in PROBLEMS}, AT, "no problem is given an answer"),
        ({}, AT, "answers hold no texts for problem"),
        ("options", AT, "has no options"),
        ("entities", AT, "carries no graph"),
        ("gould", AT, "answers are gold, options, entities"),
        (3, AT, "answers are gold, options, entities"),
        ("gold", ["CT6"], "at names 'answer' and thoughts"),
        ("gold", [3], "at names 'answer' and thoughts"),
    ],
)
def test_what_cannot_be_scored_is_said_in_one_sentence(answerer, given, at, said):
    with pytest.raises(InputError, match=said):
        of(answerer[0], given=given, at=at)


def test_padding_that_is_read_is_refused(answerer):
    model, _ = answerer
    decoding = decoding_of(model, padding="as-published")
    given = answer_texts(PROBLEMS, GIVEN)
    if model.as_published.batch > 1:
        with pytest.raises(InputError, match="score with the padding 'exact'"):
            scored(model, PROBLEMS, [BASELINE], decoding, given)


def test_a_model_that_stops_by_itself_is_refused(tmp_path):
    from tests.models.families.making_adalr import SETTINGS, write_adalr

    write_adalr(tmp_path)
    model = load_model(tmp_path, settings=SETTINGS)
    with pytest.raises(InputError, match="this model has a stop head"):
        of(model, [BASELINE])


def test_options_and_entities_of_a_graph():
    problem = ctlab.load_problems("tiny-graphs").problems[0]
    (options,), (entities,) = (answer_texts([problem], name) for name in ("options", "entities"))
    assert options.texts == ("Dan is a ladin.", "Dan is a bafin.")
    assert options.gold == 0
    assert len(entities.texts) == 16
    assert entities.texts[entities.gold] == "Dan is a ladin."
    assert not any("Gita" in text for text in entities.texts)
    (formed,) = answer_texts([Problem(question="q", gold="15")], "gold", "The answer is: {}")
    assert formed.texts == ("The answer is: 15",)
    assert formed.gold == 0
    with pytest.raises(InputError, match=r"form is a text with one \{\} for the answer"):
        answer_texts([problem], "gold", "no place")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"thinking": "explicit"}, "answers are scored after its thoughts alone; leave it out"),
        (
            {"interventions": [{"thoughts": ["CT0"], "by": "zero", "at": {"layers": [0], "position": "key"}}]},
            "answers are not scored under such a patch",
        ),
    ],
)
def test_conditions_whose_scores_nothing_could_certify_are_refused(answerer, form, said):
    model, _ = answerer
    with pytest.raises(InputError, match=f"condition 'other' .*{said}"):
        of(model, [Condition.from_json({"name": "other", **form})])
