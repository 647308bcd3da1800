"""The shipped models of graphs: small, with card and log, and as good as their cards say."""

import json
import re

import pytest

import ctlab
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.models.tiny_graphs import phrase_tokenizer
from ctlab.models.tiny_graphs.named_models import GRAPH_MODELS
from ctlab.outcomes import Outcome, classify

LARGEST = 2_000_000
"""Bytes of a model with everything that ships with it."""
BASELINE = Condition.from_json({"name": "baseline", "interventions": []})
each_model = pytest.mark.parametrize("name", GRAPH_MODELS)


def answers(model, problems):
    return [answer.text for answer in ctlab.generate(model, problems, [BASELINE])["baseline"]]


def right(problems, texts):
    pairs = zip(problems, texts, strict=True)
    return sum(classify(problem, text).outcome is Outcome.CORRECT for problem, text in pairs)


@each_model
def test_it_is_small_and_has_its_card_and_its_log(name):
    folder = GRAPH_MODELS[name]
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "README.md",
        "base/config.json",
        "base/tokenizer.json",
        "base/tokenizer_config.json",
        "ctlab.json",
        "model.safetensors",
        "training.jsonl",
    }
    assert sum((folder / file).stat().st_size for file in files) < LARGEST
    assert (folder / "README.md").read_text().startswith(f"# {name}:")
    log = [json.loads(line) for line in (folder / "training.jsonl").read_text().splitlines()]
    steps = [row["step"] for row in log]
    assert steps == list(range(50, steps[-1] + 1, 50)), "the log of one training, whole"


@each_model
def test_it_has_the_tokenizer_that_is_built_today(name):
    shipped = load_model(name).tokenizer
    assert shipped.get_vocab() == phrase_tokenizer.build().get_vocab()
    text = "Every zurin is a yagor. Is Dan a bafin or kalum?"
    assert shipped(text)["input_ids"] == phrase_tokenizer.build()(text)["input_ids"]


@each_model
def test_it_is_as_good_as_its_card_says(name):
    """On 60 problems, within four standard errors of what the card counted on 1,000."""
    problems = ctlab.load_problems("tiny-graphs").limited(60)
    (card,) = re.findall(r"\| all \| 1000 \| ([\d.]+)% \|", (GRAPH_MODELS[name] / "README.md").read_text())
    share = float(card) / 100
    assert (
        abs(right(problems, answers(load_model(name), problems)) / 60 - share)
        <= 4 * max(share * (1 - share), 0.01) ** 0.5 / 60**0.5
    )


@pytest.mark.parametrize("name", [name for name in GRAPH_MODELS if "pause" in name])
def test_pass_by_pass_a_pause_model_says_what_it_says_in_one_pass(name):
    """Its vector depends on no pass before it, so a schedule decides nothing at inference."""
    problems = ctlab.load_problems("tiny-graphs").limited(60)
    one, other = (
        load_model(name, settings={"feedback_mode": mode}) for mode in ("pause_curriculum", "pause_multipass")
    )
    assert one.program.schedule != other.program.schedule
    assert answers(one, problems) == answers(other, problems)


@pytest.mark.slow
@each_model
def test_the_card_counts_what_is_counted_today(name):
    problems = ctlab.load_problems("tiny-graphs")
    count = right(problems, answers(load_model(name), problems))
    assert f"| all | 1000 | {count / 1000:.1%} |" in (GRAPH_MODELS[name] / "README.md").read_text()


def test_recycled_states_take_a_hop_a_thought():
    """Of seven hops, six thoughts reach six: the answer is a guess, and one thought more makes it right."""
    problems = ctlab.load_problems("tiny-graphs-longer").limited(60)
    six, seven = (load_model("tiny-graphs-coconut", settings={"num_latent": count}) for count in (6, 7))
    assert right(problems, answers(six, problems)) < 45
    assert right(problems, answers(seven, problems)) > 54
