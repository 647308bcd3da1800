"""What a condition says, edge by edge, for one problem: slow, plain, and apart from how the engine makes its masks.

Certificates compare the engine with this, so it imports none of it and counts positions on its own: it writes down the
whole sequence by name. Positions count from the question's first token.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ctlab.interventions import Condition, Intervention
from ctlab.models.reasoner import LatentReasoner


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """How long the parts of a sequence are, in tokens; the answer is what comes after them."""

    question: int
    """The question."""
    begin: int
    """Between question and thoughts."""
    thoughts: int
    """Thoughts."""
    end: int
    """Between thoughts and answer."""
    passes: int = 1
    """Passes over the thoughts."""
    before_loop: int = 0
    """Layers before the loop of a network that has one."""
    in_loop: int = 0
    """Layers of each of its steps; 0 where there is no loop."""

    @classmethod
    def of(cls, model: LatentReasoner, question: int, num_thoughts: int | None = None) -> "Segments":
        """Those of a model, for a question of so many tokens; ``num_thoughts`` is a row's own, None for all."""
        config, thoughts = model.network.config, model.num_thoughts if num_thoughts is None else num_thoughts
        return cls(
            question=question,
            begin=len(model.begin_ids),
            thoughts=thoughts,
            end=len(model.end_ids),
            passes=model.program.passes if thoughts else 1,
            before_loop=getattr(config, "n_layers_in_prelude", 0),
            in_loop=getattr(config, "n_layers_in_recurrent_block", 0),
        )

    @property
    def before_answer(self) -> int:
        """Positions before the answer."""
        return self.question + self.begin + self.thoughts + self.end

    @property
    def rows_before_answer(self) -> int:
        """What is computed before the answer: positions, those of thoughts once for each pass."""
        return self.before_answer + (self.passes - 1) * self.thoughts

    @property
    def slots(self) -> range:
        """Positions of the thoughts."""
        return range(self.question + self.begin, self.question + self.begin + self.thoughts)

    def places(self, thoughts: int | None, width: int) -> npt.NDArray[np.int64]:
        """Where the first ``width`` positions of a run with more ``thoughts`` stand in this one; -1: nowhere.

        None: the run has as many, because rows do not wait for each other's thoughts.
        """
        positions, gap = np.arange(width), 0 if thoughts is None else thoughts - self.thoughts
        left_out = (positions >= self.slots.stop) & (positions < self.slots.stop + gap)
        return np.where(left_out, -1, np.where(positions < self.slots.stop, positions, positions - gap))

    def names(self, total: int) -> list[str]:
        """Name what stands at each of ``total`` positions: ``question``, ``begin``, ``CT0`` …, ``end``, ``answer``."""
        thoughts = [f"CT{k}" for k in range(self.thoughts)]
        before = ["question"] * self.question + ["begin"] * self.begin + thoughts + ["end"] * self.end
        return before + ["answer"] * (total - len(before))

    def rows(self, total: int) -> list[tuple[int, int]]:
        """Position and pass of everything that is computed in a sequence of ``total`` positions, in order."""
        thoughts = self.slots
        passes = [(position, number) for number in range(self.passes) for position in thoughts]
        before = [(position, 0) for position in range(thoughts.start)]
        return before + passes + [(position, self.passes - 1) for position in range(thoughts.stop, total)]

    def of_pass(self, factors: npt.NDArray[np.float64], number: int, size: int) -> npt.NDArray[np.float64]:
        """What the first ``size`` positions read of each other in one pass: (layers, heads, size, size)."""
        if self.passes == 1:
            return factors[..., :size, :size]
        rows = self.rows(size)
        last = self.question + self.begin
        chosen = [row for row, (position, pass_) in enumerate(rows) if position < last or pass_ == number]
        return factors[..., chosen[:size], :size]


def tail_of(model: LatentReasoner, condition: Condition) -> Segments:
    """What follows a question under a condition."""
    return Segments.of(model, 0, condition.num_thoughts)


def own_tail(model: LatentReasoner, thoughts: int, *, answered: bool) -> Segments:
    """What follows one question where the model decides itself when thinking is over: no end where it never did."""
    whole = Segments.of(model, 0, thoughts)
    return whole if answered else replace(whole, end=0)


def expected_factors(
    model: LatentReasoner,
    problem_id: str,
    prompt: Sequence[int],
    interventions: Sequence[Intervention],
    answer: int,
    num_thoughts: int | None = None,
) -> npt.NDArray[np.float64]:
    """Spell out what interventions and the model's own setting hide from one problem and ``answer`` answer tokens.

    ``num_thoughts`` are fed before the answer, None: all that the model has. Where a problem has fewer than these there
    are as many more answer tokens, because rows that have answered go on beside the others.
    """
    everything = [*model.settings.hidden, *interventions]
    segments = Segments.of(model, len(prompt), num_thoughts)
    return dense_factors(
        everything,
        segments,
        control=control_token(model, problem_id, prompt)
        if any(edges.keys == "question-control" for edges in everything)
        else None,
        total=Segments.of(model, len(prompt)).before_answer + answer,
        layers=model.num_layers,
        heads=model.num_heads,
    )


def read_late(condition: Condition) -> bool:
    """Whether nothing is hidden but ``end``: of that no position before the answer's first token reads anything."""
    return bool(condition.on_edges) and all(edges.keys == ("end",) for edges in condition.on_edges)


def control_token(model: LatentReasoner, problem_id: str, prompt: Sequence[int]) -> int:
    """Position of the question's harmless token, chosen by the id's hash: neither special nor with a digit."""
    texts = model.tokenizer.convert_ids_to_tokens(list(prompt))
    special = set(model.tokenizer.all_special_tokens)
    harmless = [at for at, text in enumerate(texts) if text not in special and not any(map(str.isdigit, text))]
    # The first 64 bits of the digest, as one number.
    return harmless[int(hashlib.sha256(problem_id.encode()).hexdigest()[:16], 16) % len(harmless)]


def dense_factors(
    interventions: Sequence[Intervention],
    segments: Segments,
    *,
    control: int | None,
    total: int,
    layers: int,
    heads: int,
) -> npt.NDArray[np.float64]:
    """Factor on every edge (layers, heads, rows, keys) of a sequence of ``total`` positions; 0 above the diagonal.

    A row is what is computed at a position, thoughts once in each pass; keys are those of the row's own pass.
    ``control`` is the position of the question's control token. The axis of layers or heads is 1 where the
    interventions do not tell them apart.
    """
    layers = layers if any(each.layers is not None or each.steps is not None for each in interventions) else 1
    heads = heads if any(intervention.heads is not None for intervention in interventions) else 1
    rows, names = segments.rows(total), segments.names(total)
    causal = np.tril(np.ones((total, total)))[[position for position, _ in rows]]
    factors = np.broadcast_to(causal, (layers, heads, *causal.shape)).copy()
    for intervention in interventions:
        in_layers = [layer for layer in range(layers) if is_layer(intervention, layer, segments)]
        in_heads = range(heads) if intervention.heads is None else intervention.heads
        for key in range(total):
            if not _is_key(intervention, names[key], key == control):
                continue
            readers = []
            for row, (position, number) in enumerate(rows):
                once = not names[position].startswith("CT")
                in_time = once or intervention.passes is None or number == segments.passes - 1
                later = position > key and _is_reader(intervention, names[position])
                if in_time and (later or (position == key and intervention.self_)):
                    readers.append(row)
            factors[np.ix_(in_layers, in_heads, readers, [key])] *= intervention.keep
    return factors


def is_layer(intervention: Intervention, layer: int, segments: Segments) -> bool:
    """Whether an intervention applies in a layer, by its own words."""
    if intervention.steps is None:
        return intervention.layers is None or layer in intervention.layers
    step, inside = divmod(layer - segments.before_loop, segments.in_loop)
    return step in intervention.steps and (intervention.layers is None or inside in intervention.layers)


def _is_key(intervention: Intervention, name: str, control: bool) -> bool:
    match intervention.keys:
        case "question":
            return name == "question"
        case "question-control":
            return control
        case "thoughts":
            return name.startswith("CT")
        case _:
            return name in intervention.keys


def _is_reader(intervention: Intervention, name: str) -> bool:
    match intervention.readers:
        case "later":
            return True
        case "thoughts":
            return name.startswith("CT")
        case "answer":
            return name in ("end", "answer")
        case _:
            return name in intervention.readers
