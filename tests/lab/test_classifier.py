from ctlab.lab.classifier import Classifier
from ctlab.outcomes import Classification
from ctlab.problems import Problem, ProblemSet
from ctlab.records.generation import Generation
from ctlab.store import GenerationStore
from tests.store.answers import key

PROBLEMS = ProblemSet("two", [Problem(question="3 + 4?", gold=7), Problem(question="6 - 2?", gold=4)])
TEXTS = {"baseline": ("The answer is: 7", "The answer is: 7"), "hidden": ("The answer is: 7", "The answer is: 5")}


def said(name):
    return [Generation(problem_id=each.id, token_ids=(), text=t) for each, t in zip(PROBLEMS, TEXTS[name], strict=True)]


def test_what_is_stored_is_what_was_found_and_the_same_answer_is_read_once(tmp_path, monkeypatch):
    store = GenerationStore(tmp_path)
    first = {name: Classifier(store, PROBLEMS, "d").classify(key(name), said(name)) for name in TEXTS}
    read = []
    from_json = Classification.from_json
    monkeypatch.setattr(Classification, "from_json", lambda form: read.append(form) or from_json(form))
    again = Classifier(store, PROBLEMS, "d")
    assert {name: again.classify(key(name), said(name)) for name in TEXTS} == first
    # Both runs answer the first problem alike; the same text means something else for another problem.
    assert len(read) == 3
    assert first["baseline"][0] != first["baseline"][1]
