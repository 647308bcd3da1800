"""Having a model write its steps for a whole problem set, undisturbed: what is put in others' places."""

from collections.abc import Sequence

from ctlab.engine.batch_run import batches_of, fitting, run
from ctlab.engine.plan import plan
from ctlab.engine.written_steps import WrittenSteps
from ctlab.errors import InputError
from ctlab.interventions.condition import undisturbed
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.sibling import decoding_of_sibling, sibling
from ctlab.problems import Problem
from ctlab.records.generation import Decoding


def written_steps_of(
    model: LatentReasoner, problems: Sequence[Problem], decoding: Decoding, *, batch_tokens: int | None = None
) -> WrittenSteps:
    """Have the model write its steps for every problem, undisturbed."""
    writing = sibling(model, "explicit")
    planned = plan(writing, problems, [undisturbed("explicit")], decoding_of_sibling(writing, decoding))
    steps: dict[str, tuple[int, ...]] = {}
    for indices in batches_of(planned, batch_tokens):
        for done, answers in fitting(planned, indices, lambda these: run(planned, these)):
            for index, (ids,) in zip(done, answers, strict=True):
                cut = writing.task.steps_of([token for token in ids if token != -1]) if writing.task else None
                if cut is not None:
                    steps[planned.problems[index].id] = cut
    if len(steps) < 2:
        raise InputError(
            f"written steps are put in place of others' only where two problems or more have some that end in an "
            f"answer marker, and of {len(problems)} problems {len(steps)} have; give more problems"
        )
    return WrittenSteps(steps=steps, problem_ids=tuple(problem.id for problem in problems))
