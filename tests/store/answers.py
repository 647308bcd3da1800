"""A stand-in for the engine: answers made from ids, and a count of what it was asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ctlab.records.generation import Generation, RunKey


def key(condition: str, model: str = "model") -> RunKey:
    return RunKey(model=model, condition=condition, decoding="float32")


def answer(condition: str, problem_id: str) -> Generation:
    number = sum(map(ord, condition + problem_id))
    return Generation(problem_id=problem_id, token_ids=(number, 7), text=f"{condition} says {number}")


@dataclass
class Engine:
    """Yields ``size`` problems a batch, all conditions that miss them together; keeps every pair it was asked for."""

    size: int = 2
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, missing: Mapping[str, Sequence[str]]) -> Iterator[dict[str, tuple[Generation, ...]]]:
        ids = sorted({each for wanted in missing.values() for each in wanted})
        for start in range(0, len(ids), self.size):
            part = ids[start : start + self.size]
            batch = {name: [each for each in part if each in wanted] for name, wanted in missing.items()}
            self.asked += [(name, each) for name, some in batch.items() for each in some]
            yield {name: tuple(answer(name, each) for each in some) for name, some in batch.items()}
