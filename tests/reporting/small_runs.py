"""Real records of a few small problems, for tests of tables."""

from collections.abc import Sequence

from ctlab.interventions import Condition, Intervention
from ctlab.outcomes import Run
from ctlab.problems import Problem
from ctlab.records.generation import Generation

CT0 = (Intervention(keys=("CT0",), readers="later"),)


def problems(number: int) -> tuple[Problem, ...]:
    """Problems of one to three operations, every third with a division."""
    made = []
    for k in range(number):
        steps = [f"<<{k}+2={k + 2}>>"]
        value = k + 2
        if k % 3:
            steps.append(f"<<{value}*3={value * 3}>>")
            value *= 3
        if k % 3 == 2:
            steps.append(f"<<{value}/3={value // 3}>>")
            value //= 3
        question = f"Ann has {k} pears and finds 2 more" + "; they triple" * (k % 3) + ". How many has she?"
        made.append(Problem(question=question, solution=f"{' '.join(steps)}\n#### {value}", gold=value))
    return tuple(made)


def run(name: str, asked: Sequence[Problem], wrong: Sequence[int] = (), text: str = "The answer is: 999") -> Run:
    """Answers that are right but for those at the given places."""
    texts = [text if k in wrong else f"The answer is: {problem.gold_number}" for k, problem in enumerate(asked)]
    condition = Condition(name=name, interventions=() if name == "baseline" else CT0)
    generations = [
        Generation(problem_id=problem.id, token_ids=(1,), text=said) for problem, said in zip(asked, texts, strict=True)
    ]
    return Run.of(condition, asked, generations)
