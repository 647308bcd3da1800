"""What was fed as thoughts, held to what a condition says: slow, plain, and apart from how the engine patches them.

Shared with the engine is the declaration of a way alone (`interventions.patches`): which sources it is made of. Each
source is worked out here once more, and the formula is the way's second one, `PatchKind.expected`. A thought that is
not patched must be the projection of the state before it; `certify.interventions` recomputes that.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import torch
from torch import Tensor

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.drawn_thoughts import (
    activations_of,
    fed_and_projected,
    reference_of,
    undisturbed_check,
)
from ctlab.certify.edited import EDITED, edited_source, off_by
from ctlab.certify.followed import Follows
from ctlab.certify.matched_donors import donor_of, donors_check
from ctlab.certify.of_others import mean_over, resample_source
from ctlab.certify.reference import embedded, logits
from ctlab.certify.tolerance import relative, worse
from ctlab.engine.plan import Plan
from ctlab.interventions import Patch
from ctlab.interventions.patch_kind import Run, Source
from ctlab.models.reasoner import LatentReasoner
from ctlab.records import Check


def unpatched_thoughts(planned: Plan, condition: int, problem: int) -> list[int]:
    """Thoughts of a problem that a condition does not patch, numbered as in `passes`.

    Those of a problem without a donor are left as made.
    """
    program = planned.model.program
    fed = planned.conditions[condition].fed(program.thoughts)
    patches = [patch_at(planned, condition, number) for number in range(fed * program.passes)]
    return [number for number, patch in enumerate(patches) if patch is None or left_as_made(planned, problem, patch)]


def patch_at(planned: Plan, condition: int, number: int) -> Patch | None:
    """The patch of what is fed as a thought, numbered as in `passes`; in the first of several if it says so."""
    program = planned.model.program
    fed = planned.conditions[condition].fed(program.thoughts)
    patch = planned.conditions[condition].patch_of(number % fed)
    first = program.passes > 1 and number < fed
    return None if patch is None or (first and not patch.first_pass) else patch


def left_as_made(planned: Plan, problem: int, patch: Patch) -> bool:
    """Whether a patch takes a donor's thought, and the problem has no donor."""
    return patch.kind.matched and donor_of(planned.problems[problem].id, activations_of(planned), patch) is None


def count_patched(planned: Plan, auditor: Auditor, condition: int) -> int:
    """Count thoughts of the sample that were fed something else, beyond rounding, than the model made of them."""
    count = 0
    for problem in range(len(planned.prompts)):
        fed, projected = fed_and_projected(planned, auditor, condition, problem)
        for number, own in enumerate(projected):
            if patch_at(planned, condition, number) is not None:
                count += not bool((fed[number] - own).norm() <= _one_step(planned.model) * own.norm())
    return count


def patch_checks(whole: Plan, planned: Plan, auditor: Auditor, condition: int) -> Iterator[Check]:
    """Check one condition of a watched sample; ``whole`` is the plan of the problems that the sample is of."""
    patches = planned.conditions[condition].patches
    if not patches:
        return
    if any(patch.at is None for patch in patches):
        yield _as_declared(planned, auditor, condition)
    if (patch := next((patch for patch in patches if patch.kind.matched), None)) is not None:
        yield donors_check(activations_of(planned), patch)  # all patches of a condition have the same donors
    runs = {source.run for patch in patches for source in patch.kind.sources}
    if not planned.reads_padding and runs & {Run.UNDISTURBED, Run.OTHERS}:
        yield undisturbed_check(whole, planned, auditor, condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """What was fed in place of one problem's thoughts, beside what a condition says."""

    count: int
    """Thoughts to replace."""
    inexact: int
    """Copies that differ by a bit or more."""
    distance: float
    """Largest relative distance of what is computed, and not copied."""

    def as_said(self, model: LatentReasoner) -> bool:
        """Whether every thought was replaced as the condition says, to the last bit or to one rounding."""
        return self.inexact == 0 and self.distance <= _one_step(model)


def patched_thoughts(planned: Plan, rows: Follows, condition: int, problem: int) -> Patched:
    """Compare each patched thought with what it must be: to the last bit where it is copied, and not computed."""
    distance, inexact, count = 0.0, 0, 0
    fed, projected = fed_and_projected(planned, rows, condition, problem)
    for thought, mine in enumerate(fed):
        patch = patch_at(planned, condition, thought)
        if patch is None:
            continue
        if left_as_made(planned, problem, patch):
            distance = worse(distance, relative(mine, projected[thought]))
            continue
        count += 1
        expected = _expected(planned, rows, condition, problem, thought, patch).to(mine).expand_as(mine)
        if patch.kind.exact:
            inexact += not torch.equal(mine, expected)
        else:
            larger = projected[thought] if EDITED.intersection(patch.kind.sources) else expected
            distance = worse(distance, off_by(mine, expected, larger))
    return Patched(count=count, inexact=inexact, distance=distance)


def _as_declared(planned: Plan, auditor: Auditor, condition: int) -> Check:
    found = [patched_thoughts(planned, auditor, condition, problem) for problem in range(len(planned.prompts))]
    count, inexact = sum(each.count for each in found), sum(each.inexact for each in found)
    distance = worse(0.0, [each.distance for each in found])
    return Check(
        name="replaced-as-said",
        passed=all(each.as_said(planned.model) for each in found),
        detail=f"{formatting.counted(count, 'thought')} to replace: what is copied differs "
        f"{formatting.counted(inexact, 'time')}, what is computed is within {distance:.1e} of what it is to be",
    )


def _expected(planned: Plan, rows: Follows, condition: int, problem: int, thought: int, patch: Patch) -> Tensor:
    """What one problem of the sample must be fed as a thought: (D,), or one number for all of it."""
    sources = (
        _source(planned, rows, condition, problem, thought, source, patch).double() for source in patch.kind.sources
    )
    return torch.as_tensor(patch.kind.expected(*sources))


def _source(
    planned: Plan, rows: Follows, condition: int, problem: int, thought: int, source: Source, patch: Patch
) -> Tensor:
    """Work out a source (D,) from what was observed, from the problem's id or from the cached thoughts."""
    name = planned.problems[problem].id
    in_full = _in_full(planned, condition, thought)
    match source:
        case Source.PROJECTED:
            return fed_and_projected(planned, rows, condition, problem)[1][thought]
        case Source.DECODED:
            return _decoded_embedding(planned, rows, condition, problem, thought)
        case Source.UNDISTURBED:
            return fed_and_projected(planned, rows, reference_of(planned), problem)[0][in_full]
        case Source.DIRECTION:
            drawn = np.random.default_rng(
                _number(f"{patch.seed}\nCT{in_full % planned.layout.thoughts}\n{name}")
            ).standard_normal(_width(planned))
            return torch.from_numpy(drawn / np.sqrt((drawn**2).sum()))
        case Source.RESAMPLED:
            activations = activations_of(planned)
            return torch.from_numpy(activations.of(resample_source(name, activations.problem_ids, patch.seed))[in_full])
        case Source.MEAN:
            return torch.from_numpy(mean_over(activations_of(planned), activations_of(planned).problem_ids, in_full))
        case Source.OTHER_RESULT | Source.SAME_RESULT:
            donor = donor_of(name, activations_of(planned), patch)
            if donor is None:
                raise RuntimeError(f"problem {name} has no donor, so that nothing is fed in place of its thoughts")
            return torch.from_numpy(activations_of(planned).of(donor)[in_full])
        case (
            Source.FACTOR
            | Source.DIFFERENCE
            | Source.HALF_MEAN
            | Source.WITHIN_COMPONENTS
            | Source.WITHIN_RANDOM
            | Source.GIVEN
            | Source.GIVEN_CENTRE
            | Source.WITHIN_GIVEN
        ):
            own = fed_and_projected(planned, rows, condition, problem)[1][thought]
            which = in_full % planned.layout.thoughts
            return edited_source(source, patch, name, in_full, which, own, planned.activations)
        case _:
            assert_never(source)


def _in_full(planned: Plan, condition: int, number: int) -> int:
    """Number among all of a run's thoughts, pass by pass, of one of those that a condition feeds."""
    fed = planned.conditions[condition].fed(planned.layout.thoughts)
    return number // fed * planned.layout.thoughts + number % fed


def _width(planned: Plan) -> int:
    return int(planned.model.network.config.hidden_size)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), "big")


def _decoded_embedding(planned: Plan, rows: Follows, condition: int, problem: int, thought: int) -> Tensor:
    """Embedding of the token that the state before a thought decodes to; of what was fed, where tokens are tied."""
    tail, model = rows.tail(condition, problem), planned.model
    row, places = rows.followed(condition, problem, tail.slots.stop), tail.slots
    passes = row.made_of(places)
    # In a schedule with passes the first is made of nothing, and no patch decodes there.
    scores = logits(model, passes[thought - (len(places) if row.earlier else 0)])
    tied = (scores >= scores.max() - _one_step(model) * scores.abs().max()).nonzero().flatten()
    near = embedded(model, tied.tolist())
    nearest: Tensor = near[(near - row.fed_in_passes(places)[thought]).double().norm(dim=-1).argmin()]
    return nearest


def _one_step(model: LatentReasoner) -> float:
    """How far rounding takes a number that is one step away from what it is computed of."""
    # eps is the spacing of numbers at 1: one rounding is off by half of that. 8 leaves room for a sum in another order.
    # Measured: 7e-8 in float32, nothing in half precision, where both sides are rounded once from float64.
    return max(1e-5, 8 * torch.finfo(model.dtype).eps)
