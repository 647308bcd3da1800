"""Rivals of ctlab's speed: nnsight and plain hooks say what ctlab says, or are not timed."""

import pytest
import torch

from benchmarks import speed, speed_answers
from benchmarks.speed_answers import Expected, rivals
from benchmarks.speed_models import random_codi
from benchmarks.speed_rivals import HIDDEN
from benchmarks.speed_rivals_hooks import Hooks, hiding, merged, without
from benchmarks.speed_rivals_nnsight import installed
from benchmarks.speed_work import TOKENS
from ctlab.models import load_model
from ctlab.problems import load_problems
from tests.test_benchmarks import GPT2, LLAMA

EXACT = [
    "loop",
    "hooks",
    "hooks-shared",
    pytest.param("nnsight", marks=pytest.mark.skipif(not installed(), reason="nnsight is not installed (extra bench)")),
]
PROBLEMS = [*load_problems("tiny")][:5]
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")


@pytest.fixture(scope="module", params=[LLAMA, GPT2], ids=["llama", "gpt2"])
def pair(request, tmp_path_factory):
    # Weights large enough for a hidden thought to change answers; with transformers' own 0.02 none does.
    form = {**request.param, "initializer_range": 0.3}
    return random_codi(form, tmp_path_factory.mktemp("codi"), [problem.question for problem in PROBLEMS])


@pytest.mark.parametrize("name", EXACT)
def test_a_rival_says_what_ctlab_says_in_batches_of_two(pair, name):
    found, missing = rivals(pair, [name], size=2)
    assert missing == []
    expected = Expected(pair, PROBLEMS)
    said = found[name].answers([problem.question for problem in PROBLEMS], [*HIDDEN.values()], TOKENS)
    expected.hold(name, found[name], PROBLEMS, dict(zip(HIDDEN, said, strict=True)))
    row = expected.row(name)
    assert row["same"] + row["ties"] / 15 == 1
    assert row["same"] > 0.8
    # What is compared are three computations, not one three times.
    assert len({str(answers) for answers in said}) == 3


def test_an_answer_ends_with_its_end(pair):
    hooks = Hooks(pair, merged(pair), size=3)
    questions = [problem.question for problem in PROBLEMS]
    whole = hooks(questions, None, TOKENS)
    object.__setattr__(pair.model, "eos_token_id", end := whole[0][2])
    try:
        cut = hooks(questions, None, TOKENS)
    finally:
        object.__setattr__(pair.model, "eos_token_id", -1)
    assert cut == [ids[: ids.index(end) + 1] if end in ids else ids for ids in whole]
    assert len(cut[0]) <= 3


def test_a_rival_that_says_something_else_is_refused_and_a_tie_is_counted(pair, monkeypatch):
    (rival,) = rivals(pair, ["hooks"], size=5)[0].values()
    expected = Expected(pair, PROBLEMS)
    (said,) = rival.answers([problem.question for problem in PROBLEMS], [None], TOKENS)
    said[3] = [*said[3][:4], said[3][4] + 1, *said[3][5:]]
    with pytest.raises(SystemExit, match="logits of token 4 differ by"):
        expected.hold("hooks", rival, PROBLEMS, {"baseline": said})
    monkeypatch.setattr(speed_answers, "TIE", 1e9)
    tied = Expected(pair, PROBLEMS)
    tied.hold("hooks", rival, PROBLEMS, {"baseline": said})
    assert tied.row("hooks") == {"same": 0.8, "ties": 1}


def test_a_column_is_hidden_from_later_positions_alone():
    fed = torch.zeros(2, 3, 4)
    assert without(None, key=7, past=5, fed=fed) is None
    whole = torch.ones(2, 1, 3, 8, dtype=torch.bool)
    mask = without(whole, key=5, past=5, fed=fed)
    assert mask[0, 0, :, 5].tolist() == [True, False, False]
    assert mask.sum() == whole.sum() - 4
    assert whole.all()
    alone = without(None, key=2, past=5, fed=fed[:, :1])
    assert alone.tolist() == [[[[True, True, False, True, True, True]]]] * 2


def test_hooks_are_taken_off_again(pair):
    network = merged(pair)
    attention = [module for name, module in network.named_modules() if name.endswith((".attn", ".self_attn"))]
    assert len(attention) == 2
    with hiding(network, 3):
        assert all(len(module._forward_pre_hooks) == 1 for module in attention)
    assert not any(module._forward_pre_hooks for module in attention)


def test_a_rival_that_is_not_installed_is_a_row_with_what_to_do(monkeypatch, pair):
    monkeypatch.setattr(speed_answers, "installed", lambda: False)
    found, missing = rivals(pair, ["nnsight", "hooks"], size=2)
    assert list(found) == ["hooks"]
    assert missing == [{"who": "nnsight", "note": "nnsight is not installed: pip install 'ctlab[bench]'"}]


def test_an_unknown_rival_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["speed", "a", "--rivals", "hooks,transformerlens"])
    with pytest.raises(SystemExit):
        speed.main()
    assert "unknown rival 'transformerlens'; rivals are loop, batched, nnsight" in capsys.readouterr().err


def test_the_embedded_model_needs_no_merging():
    tiny = speed_answers.merged(speed.compare_a.__globals__["embedded"]())
    weights = load_model("tiny").network.state_dict()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in tiny.state_dict().items())
