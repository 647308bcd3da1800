"""What is fuzzed: for each kind of text how one is drawn, and what must hold whatever it says."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.fuzz_forms import changed, json_text, toml_text
from benchmarks.fuzz_results import check_results, draw_results
from benchmarks.fuzz_texts import answer, equation, long_text, number, question, solution
from ctlab.claims import Registry
from ctlab.errors import ConditionError
from ctlab.inputs import parse_json
from ctlab.interventions import BASELINE, Condition
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.weight_files import read_json as read_settings
from ctlab.outcomes import Classification, Run, classify
from ctlab.outcomes.candidates import candidates
from ctlab.outcomes.forms import form_of, learn_forms
from ctlab.outcomes.taxonomy import label, written_steps
from ctlab.problems import Number, Problem, ProblemSet, find_equations, load_problems
from ctlab.problems.features import features
from ctlab.reporting.report_files import read_json as read_report
from ctlab.reporting.schema import complete
from ctlab.results import read_recorded

ROOT = Path(__file__).parents[1]
LONG = 0.01
"""Share of answers and equations that are a hundred thousand characters long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of text."""

    name: str
    """What it is called in tables."""
    share: float
    """Its share of all texts that are drawn."""
    draw: Callable[[random.Random], Any]
    """Draws one: a text, or the bytes of a file."""
    check: Callable[[Any, Path], None]
    """Reads it, in a folder of its own; CtlabError refuses it, and everything else that is raised is a failure."""
    refusable: bool = True
    """Whether it may be refused at all; what a model says may not."""
    readings: int = 1
    """How often ``check`` reads it; each may take a second."""


class Broken(AssertionError):
    """A property that does not hold."""


def demand(holds: bool, what: str) -> None:
    """Raise where a property does not hold."""
    if not holds:
        raise Broken(what)


def check_answer(drawn: tuple[Problem, str], folder: Path) -> None:
    """An answer gets one label, the same when it is read again and when it is read back."""
    problem, text = drawn
    found = classify(problem, text)
    demand(not found.failure, f"not labelled: {found.failure}")
    demand(classify(problem, text) == found, "another label the second time")
    back = Classification.from_json(json.loads(json.dumps(found.to_json())))
    demand(back == found, f"read back as another: {back} for {found}")
    if found.wrong_number is not None:
        again = label(problem, found.wrong_number, written_steps(text))
        demand(again is found.outcome, f"its number alone is {again}, the answer {found.outcome}")
    learn_forms([text] * 60)
    classify(problem, text, [form_of(text)])


def check_equation(text: str, folder: Path) -> None:
    """Every step that is read is one that can be written, and a step read again is the same."""
    for everywhere in (False, True):
        for step in find_equations(text, everywhere=everywhere):
            demand(bool(step.text) and bool(str(step.right)) and bool(str(step.left.value)), "a step without words")


def check_solution(drawn: tuple[str, str, str], folder: Path) -> None:
    """A worked solution is a graph or none; its problem has features and explanations and is read back equal."""
    asked, worked, gold = drawn
    problem = Problem(question=asked, solution=worked, gold=gold)
    measured = features(problem)
    json.dumps(measured.to_json(), allow_nan=False)
    again = Problem.from_json(json.loads(json.dumps(problem.to_json())))
    demand(again.gold_number == problem.gold_number, "another gold answer when read back")
    demand(features(again) == measured, "other features when read back")
    for number_of in (problem.gold_number, Number.of(7), Number.parse("0.33")):
        list(candidates(problem).explain(number_of))
    classify(problem, worked)


def check_problem_rows(content: bytes, folder: Path) -> None:
    """A problem set is read or refused; what is read can be asked, measured and answered."""
    for problem in load_problems(str(_written(folder / "problems.jsonl", content))):
        check_solution((problem.question, problem.solution, str(problem.gold_number)), folder)


def check_recorded_rows(content: bytes, folder: Path) -> None:
    """Recorded answers are read or refused; what is read can be labelled."""
    for name in ("answers.jsonl", "answers.json"):
        run = Run.of(BASELINE, PROBLEMS.problems, read_recorded(_written(folder / name, content), PROBLEMS))
        demand(not run.unlabelled, f"not labelled: {run.unlabelled[:1]}")


def check_condition(content: bytes, folder: Path) -> None:
    """A condition is read or refused; what is read is written and read back as the same."""
    text = content.decode("utf-8", "replace")
    condition = Condition.from_json(parse_json(text, "conditions.json", error=ConditionError))
    again = Condition.from_json(json.loads(json.dumps(condition.to_json(), allow_nan=False)))
    demand((again, again.digest) == (condition, condition.digest), "read back as another")
    demand(condition.last_thought is None or condition.last_thought >= 0, "no thought")


def check_settings(content: bytes, folder: Path) -> None:
    """A ctlab.json is read or refused; what is read is written and read back as the same."""
    settings = CheckpointSettings.from_json(read_settings(_written(folder / "ctlab.json", content)))
    again = CheckpointSettings.from_json(json.loads(json.dumps(settings.to_json(), allow_nan=False)))
    demand(again == settings, "read back as another")


def check_report(content: bytes, folder: Path) -> None:
    """A report.json is read or refused; what is read can be written."""
    report = complete(read_report(_written(folder / "report.json", content)))
    json.dumps(report.to_json(), allow_nan=False)


def check_registry(content: bytes, folder: Path) -> None:
    """A registry.toml is read or refused; what is read can be asked, and is written and read back as the same."""
    registry = Registry.load(path := _written(folder / "registry.toml", content))
    for claim_id in registry.claims:
        for subject in registry.subjects.values():
            registry.registered(claim_id, subject)
            for version in registry.versions(claim_id):
                registry.accepted(claim_id, version, subject)
    list(registry.standing())
    registry.save(path)
    demand(Registry.load(path) == registry, "read back as another")


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _draw_answer(rng: random.Random) -> tuple[Problem, str]:
    return rng.choice(_problems()), long_text(rng) if rng.random() < LONG else answer(rng)


def _draw_rows(form: Callable[[random.Random], list[Any]]) -> Callable[[random.Random], bytes]:
    def draw(rng: random.Random) -> bytes:
        return b"\n".join(json_text(changed(row, rng) if rng.random() < 0.3 else row, rng) for row in form(rng))

    return draw


def _problem_rows(rng: random.Random) -> list[Any]:
    worked, gold = solution(rng)
    forms = (
        {"question": question(rng), "gold": rng.choice((gold, rng.randrange(100), 18.50))},
        {"question": question(rng), "answer": f"{worked}\n#### {gold}"},
        {"question": question(rng), "gold": gold, "solution": worked},
        {"input": question(rng), "target": rng.randrange(100), "code": "def solution(): return 1"},
        {"question": question(rng), "final_ans": number(rng)},
        {"Body": question(rng), "Question": "How many?", "Equation": f"( {worked[:40]} )", "Answer": 3.0},
    )
    return [rng.choice(forms) for _ in range(rng.choice((1, 1, 2)))]


def _recorded_rows(rng: random.Random) -> list[Any]:
    rows: list[dict[str, Any]] = []
    for index, problem in enumerate(PROBLEMS):
        place = rng.choice(({"problem_index": index}, {"problem_id": problem.id}, {"problem_idx": index}))
        said = rng.choice(({"output": answer(rng)}, {"output": ""}, {"pred_answer": 3}, {"pred_answer": None}))
        rows.append({**place, **said, "question": problem.question[:20] + "..."})
    if rng.random() < 0.4:
        return [{"model": "m", "n_problems": len(rows), "results_detail": rows}]
    return rows


def _draw_form(forms: Callable[[], tuple[Any, ...]]) -> Callable[[random.Random], bytes]:
    def draw(rng: random.Random) -> bytes:
        form = rng.choice(forms())
        return json_text(form if rng.random() < 0.2 else changed(form, rng), rng)

    return draw


def _draw_registry(rng: random.Random) -> bytes:
    return toml_text(REGISTRY, rng)


@cache
def _problems() -> tuple[Problem, ...]:
    """Problems of all sorts, that answers are held against: the same in every run, so that a failure comes again."""
    rng, problems = random.Random("problems"), [PROBLEMS[0], PROBLEMS[1]]
    while len(problems) < 60:
        worked, gold = solution(rng)
        try:
            problems.append(Problem(question=question(rng), solution=worked, gold=gold))
        except ValueError:  # no gold answer
            continue
    return tuple(problems)


@cache
def _report() -> tuple[Any, ...]:
    from tests.reporting.fake_report import fake_report

    return (fake_report(conditions=2, n=60),)


PROBLEMS = ProblemSet(
    "two",
    [
        Problem(question="She has 16 eggs and eats 3. How many?", solution="<<16-3=13>>13 <<13*2=26>>", gold=26),
        Problem(question="What is 7 plus 4?", gold="11"),
    ],
)
CONDITIONS: tuple[Any, ...] = (
    {"name": "ct0_blocked", "interventions": [{"keys": ["CT0"], "readers": "later", "keep": 0.5, "layers": [0, 1]}]},
    {"name": "no_op", "interventions": [{"keys": "thoughts", "readers": ["CT5", "end"], "keep": 1}], "no_op": True},
    {"name": "patched", "interventions": [{"thoughts": ["CT0", "CT1"], "by": "noise", "seed": 3}]},
    {"name": "both", "interventions": [{"keys": "question", "readers": "answer"}, {"thoughts": "all", "by": "zero"}]},
)
SETTINGS: tuple[Any, ...] = (
    json.loads((ROOT / "ctlab/models/tiny/checkpoint/ctlab.json").read_text(encoding="utf-8")),
    {
        **{"family": "coconut", "num_latent": 6, "question_suffix": "\n", "begin_ids": [1]},
        "hidden": [{"keys": "question", "readers": "answer"}],
    },
)
REGISTRY = """schema = 2
[[claims.x]]
family = "f"
statement = "Hiding CT0 lowers accuracy."
direction = "decrease"
kind = "difference"
outcome = "CORRECT"
margin = 0.0
conditions = ["baseline", "ct0_blocked"]
controls = [{condition = "no_op", shows = "no-op", reference = "baseline", margin = 0.0}]
does = {baseline = "237538d33becee71", ct0_blocked = "26ab125165aade4b"}
history = [
    {date = "2026-11-25T21:40:03Z", event = "registered", subject = "s", family = "f", family_size = 6, \
family_alpha = 0.05},
    {date = "2026-11-26T16:37:30Z", event = "accepted", subject = "s", verdict = "REFUTED", estimate = -0.7, \
interval = [-0.8, -0.6], level = 0.95, p = 1e-9, n = 1319},
    {date = "2026-11-26T16:39:04Z", event = "withdrawn", reason = "it was about another model"},
]
[subjects.s]
model_name = "tiny"
model = "0123456789abcdef"
problems_name = "tiny"
n = 1319
problems = "fedcba9876543210"
padding = "exact"
dtype = "float32"
max_new_tokens = 64
ids = "0123456701234567"
"""

KINDS: tuple[Kind, ...] = (
    Kind(name="answer", share=0.35, draw=_draw_answer, check=check_answer, refusable=False, readings=6),
    Kind(
        name="equation",
        share=0.25,
        draw=lambda rng: long_text(rng) if rng.random() < LONG else equation(rng),
        check=check_equation,
        refusable=False,
        readings=2,
    ),
    Kind(name="worked solution", share=0.15, draw=lambda rng: (question(rng), *solution(rng)), check=check_solution),
    Kind(name="problem rows", share=0.06, draw=_draw_rows(_problem_rows), check=check_problem_rows),
    Kind(name="recorded rows", share=0.03, draw=_draw_rows(_recorded_rows), check=check_recorded_rows),
    Kind(name="result file", share=0.03, draw=draw_results, check=check_results),
    Kind(name="condition", share=0.05, draw=_draw_form(lambda: CONDITIONS), check=check_condition),
    Kind(name="ctlab.json", share=0.04, draw=_draw_form(lambda: SETTINGS), check=check_settings),
    Kind(name="registry.toml", share=0.03, draw=_draw_registry, check=check_registry),
    Kind(name="report.json", share=0.01, draw=_draw_form(_report), check=check_report),
)
"""Every kind; most texts are answers and steps, which come from models, and cost a tenth of a millisecond."""
