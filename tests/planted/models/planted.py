"""Models whose thoughts do what their roles say (``NAME.roles.json`` beside this file)."""

from collections.abc import Mapping
from typing import Any

NUMBERLESS = "hm"


def slips(problem: Any, salt: int) -> bool:
    """One problem in about 25 goes wrong, another one for each salt: no model is perfect."""
    return (problem.index * 2654435761 + salt * 40503) % 2**32 % 25 == 0


def worked_out(step: Any, left: int) -> int:
    """Result of a step of which the left operand is given."""
    return {"+": left + step.right, "-": left - step.right, "*": left * step.right}[step.op]


class Chain:
    """CTj works step j + 1 out from the thought before it; the answer reads the one of the last step."""

    thoughts = 6

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        if k >= len(problem.steps):
            return None
        before = problem.steps[0].left if k == 0 else seen[k - 1]
        return 0 if before is None else worked_out(problem.steps[k], before) + slips(problem, k)

    def decoded(self, k: int, value: Any) -> str:
        return NUMBERLESS if value is None else str(value)

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        for k in range(len(problem.steps) - 1, -1, -1):
            if seen[k] is not None:
                return seen[k]
        return problem.numbers[0]


class Shifted(Chain):
    """The chain one thought later: CT0 is a placeholder, CTj works step j out."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return None if k == 0 else super().thought(k - 1, problem, {j - 1: value for j, value in seen.items()})

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        return super().answer(problem, {j - 1: value for j, value in seen.items()})


class TooFew(Chain):
    """The chain, asked so few problems that nothing can be known."""

    per_length = 8


class ThreeThoughts(Chain):
    """A chain of three thoughts; the answer works out by itself what comes after the third step."""

    thoughts = 3

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        held = min(len(problem.steps), 3)
        value = seen[held - 1]
        if value is None:
            return problem.numbers[0]
        for step in problem.steps[held:]:
            value = worked_out(step, value)
        return value


class PermutedChain:
    """The chain in another order: each thought works its step out, from the one before where that comes earlier."""

    thoughts = 6
    step_of = (3, 1, 2, 6, 4, 5)

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        step = self.step_of[k]
        if step > len(problem.steps):
            return None
        before = self.step_of.index(step - 1) if step > 1 else k
        left = seen[before] if before < k else problem.steps[step - 1].left
        return 0 if left is None else worked_out(problem.steps[step - 1], left) + slips(problem, k)

    def decoded(self, k: int, value: Any) -> str:
        return NUMBERLESS if value is None else str(value)

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        value = seen[self.step_of.index(len(problem.steps))]
        return problem.numbers[0] if value is None else value


class Shared:
    """CT1 and CT2 both hold the result of step 2, each for the problems that it serves; CTj works step j out."""

    thoughts = 6

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        step = max(k, 1) if k != 1 else 2
        if step > len(problem.steps):
            return None
        before = {0: problem.steps[0].left, 1: seen.get(0), 2: seen.get(0), 3: self._second(problem, seen)}
        left = before.get(k, seen.get(k - 1))
        return 0 if left is None else worked_out(problem.steps[step - 1], left) + slips(problem, k)

    def _second(self, problem: Any, seen: Mapping[int, Any]) -> Any:
        return seen.get(1 + problem.index % 2)

    def decoded(self, k: int, value: Any) -> str:
        return NUMBERLESS if value is None else str(value)

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        last = len(problem.steps)
        value = {1: seen[0], 2: self._second(problem, seen)}.get(last, seen[last])
        return problem.numbers[0] if value is None else value


class StoresAndComputes:
    """CT0, CT2 and CT4 store the results of steps 1 to 3; CT1, CT3 and CT5 compute, and the answer needs both."""

    thoughts = 6

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        step = k // 2 + 1
        if step > len(problem.steps):
            return None
        if k % 2:
            return "computed", problem.steps[step - 1].op
        left = problem.steps[0].left if k == 0 else seen[k - 2]
        if left is None or (k and seen[k - 1] is None):
            return 0
        return worked_out(problem.steps[step - 1], left) + slips(problem, k)

    def decoded(self, k: int, value: Any) -> str:
        return str(value) if isinstance(value, int) else NUMBERLESS

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        held = min(len(problem.steps), 3)
        value, computed = seen[2 * held - 2], seen[2 * held - 1]
        if value is None or computed is None:
            return problem.numbers[0]
        for step in problem.steps[held:]:
            value = worked_out(step, value)
        return value


class Placeholders:
    """Thoughts say nothing; the answer works everything out from the question."""

    thoughts = 6

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return NUMBERLESS

    def decoded(self, k: int, value: Any) -> str:
        return str(value)

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        return problem.steps[-1].result + slips(problem, 6)


class HoldsTheAnswer(Placeholders):
    """Every thought holds the answer, and any of them will do."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return problem.steps[-1].result + slips(problem, 6)

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        return next(seen[k] for k in (5, 4, 3, 2, 1, 0) if seen[k] is not None)


class Epiphenomenal(Placeholders):
    """CTj decodes to the result of step j + 1, and nobody reads it."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return problem.steps[k].result + slips(problem, k) if k < len(problem.steps) else NUMBERLESS


class Parallel(Chain):
    """CTj works step j + 1 out from the question, whatever was thought before; the answer reads the last one."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return problem.steps[k].result + slips(problem, k) if k < len(problem.steps) else None


class Gate(Parallel):
    """CTj decodes to the result of step j + 1, and the answer only asks whether it is there."""

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        there = seen[len(problem.steps) - 1] is not None
        return problem.steps[-1].result + slips(problem, 6) if there else problem.numbers[0]


class Mute(Chain):
    """The chain, in a form that no lens reads."""

    def decoded(self, k: int, value: Any) -> str:
        return NUMBERLESS


class Gap(Chain):
    """The chain with a gap: CT3 is a placeholder, CT4 works step 4 out, and step 5 is left to the answer."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        if k in (3, 5):
            return None
        return super().thought(min(k, 3), problem, {**seen, 3: seen.get(2)} if k < 4 else {2: seen[2]})

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        last = len(problem.steps)
        value = seen[min(last - 1 + (last == 4), 4)]
        if value is None:
            return problem.numbers[0]
        return worked_out(problem.steps[4], value) if last == 5 else value


class Relay(Chain):
    """The chain, its last result handed on to CT5, which the answer reads: nobody but the next thought reads a thought.

    Hiding one costs nothing, because the next one is made at its place: idle, and yet exchanging one exchanges answers.
    """

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return super().thought(k, problem, seen) if k < len(problem.steps) else seen[k - 1]

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        return problem.numbers[0] if seen[5] is None else seen[5]


class AnswerAtTheEnd(Placeholders):
    """CT5 holds the answer, and the answer reads it."""

    def thought(self, k: int, problem: Any, seen: Mapping[int, Any]) -> Any:
        return problem.steps[-1].result + slips(problem, 6) if k == 5 else NUMBERLESS

    def answer(self, problem: Any, seen: Mapping[int, Any]) -> int:
        return problem.numbers[0] if seen[5] is None else seen[5]
