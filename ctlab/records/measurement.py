"""What the probes saw of one condition: where attention went, where paths parted, what each thought says. Pure data.

numpy is imported inside functions only, so that who merely names a measurement does not pay for it.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ctlab.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int32]

VERSION = "1"
"""Version of the probes: what they measure, under which conventions, and the form on disk. A person raises it;
``tests/engine/test_ids_unchanged.py`` asks for that whenever the source of the probes changes."""
ITSELF = "itself"
"""Segment of the reader's own position."""


def thought_names(thoughts: int) -> tuple[str, ...]:
    """``CT0`` … ``CT(thoughts - 1)``."""
    return tuple(f"CT{k}" for k in range(thoughts))


def position_names(thoughts: int) -> tuple[str, ...]:
    """Positions that are compared with baseline: every thought, and the last token of ``end``."""
    return (*thought_names(thoughts), "end")


def reader_names(thoughts: int, answers: int) -> tuple[str, ...]:
    """Readers of a measurement: every thought, ``end``, then each answer token, counted from 1."""
    return (*position_names(thoughts), *(f"answer {number}" for number in range(1, answers + 1)))


def segment_names(thoughts: int) -> tuple[str, ...]:
    """Segments that attention is summed over; each key of a reader is in exactly one of them."""
    return ("question", "begin", *thought_names(thoughts), "end", "answer", ITSELF)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Measurement:
    """What was measured of one condition; n problems, T thoughts, A answer tokens, all levels of the network."""

    condition: str
    """Name of the condition."""
    problem_ids: tuple[str, ...]
    """Ids of the problems (n), in problem order."""
    readers: tuple[str, ...]
    """``CT0`` … ``CT(T-1)``, ``end`` (its last token), ``answer 1`` … ``answer A``."""
    segments: tuple[str, ...]
    """``question``, ``begin``, ``CT0`` …, ``end``, ``answer`` (earlier answer tokens), ``itself`` (the reader's own
    position, counted nowhere else). They sum to 1."""
    mass: "Floats"
    """(n, readers, layers, segments): attention mass, mean over heads; NaN where an answer did not come so far."""
    head_mass: "Floats"
    """(readers, layers, heads, segments): the same for each head, mean over the problems that came so far."""
    expected: "Floats | None" = None
    """(n, readers, layers, segments): baseline's weights times this condition's factors, renormalised in each head,
    then averaged over heads. NaN for answer readers, whose answers differ. None for baseline."""
    cosine: "Floats | None" = None
    """(n, positions, layers + 1): cosine of this condition's hidden state and baseline's; None for baseline. Level 0 is
    the input embedding, level l the state after layer l."""
    distance: "Floats | None" = None
    """(n, positions, layers + 1): ‖treated − baseline‖ / ‖baseline‖; None for baseline."""
    decoded_ids: "Ints"
    """(n, T, k): most probable token ids of the model's own output head on the last hidden state of the position before
    each thought: the state of which the thought is the projection."""
    decoded_probabilities: "Floats"
    """(n, T, k): their probabilities among the logits that the model considers."""
    lens_ids: "Ints | None" = None
    """(n, T, layers + 1, k): the same for the state after each layer, through the final norm (logit lens)."""
    lens_probabilities: "Floats | None" = None
    """(n, T, layers + 1, k): their probabilities."""
    vocabulary: Mapping[int, str]
    """Text of every id that occurs."""
    question_tokens: "Ints"
    """(n,): length of each question in tokens."""
    begin_tokens: int
    """Number of begin tokens."""
    end_tokens: int
    """Number of end tokens."""
    at_pass: int = 0
    """Pass over the thoughts at which thoughts are measured, as readers and positions; what they decode to is the state
    of the pass before, of which that pass's thoughts are made. 0 where each thought is computed once."""

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit their names."""
        n, thoughts, layers = len(self.problem_ids), len(self.segments) - 5, self.head_mass.shape[1]
        wide = (n, len(self.readers), layers, len(self.segments))
        path, top = (n, thoughts + 1, layers + 1), self.decoded_ids.shape[-1]
        shapes: dict[str, tuple[int, ...]] = {
            "mass": wide,
            "expected": wide,
            "head_mass": (len(self.readers), layers, self.head_mass.shape[2], len(self.segments)),
            "cosine": path,
            "distance": path,
            "decoded_ids": (n, thoughts, top),
            "decoded_probabilities": (n, thoughts, top),
            "lens_ids": (n, thoughts, layers + 1, top),
            "lens_probabilities": (n, thoughts, layers + 1, top),
            "question_tokens": (n,),
        }
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise InputError(
                    f"measurement of {self.condition!r}: {name} has the shape {array.shape}, its problems, readers and "
                    f"segments ask for {shape}"
                )

    def __repr__(self) -> str:
        """Name the condition and the sizes: the numbers would fill the screen."""
        return (
            f"Measurement({self.condition!r}: {len(self.problem_ids)} problems, {self.thoughts} thoughts, "
            f"{self.layers} layers, {self.head_mass.shape[2]} heads, readers to {self.readers[-1]!r})"
        )

    @property
    def thoughts(self) -> int:
        """Number of thoughts."""
        return len(self.segments) - 5

    @property
    def positions(self) -> tuple[str, ...]:
        """Names of the positions of ``cosine`` and ``distance``: every thought, and ``end``."""
        return position_names(self.thoughts)

    @property
    def layers(self) -> int:
        """Number of layers."""
        return int(self.head_mass.shape[1])

    def called(self, condition: str) -> "Measurement":
        """Return it under another condition's name: two conditions with the same interventions share a measurement."""
        return self if condition == self.condition else replace(self, condition=condition)

    def subset(self, problem_ids: Sequence[str]) -> "Measurement":
        """Keep some problems, in the order given; ``head_mass`` stays the mean over all of them."""
        place = {each: index for index, each in enumerate(self.problem_ids)}
        if unknown := [each for each in problem_ids if each not in place]:
            raise InputError(f"measurement of {self.condition!r} has no problem {unknown[0]!r}; it has {len(place)}")
        rows = [place[each] for each in problem_ids]
        names = [each.name for each in fields(self) if each.name not in ("head_mass", *_PLAIN)]
        parts = {name: array[rows] for name in names if (array := getattr(self, name)) is not None}
        return replace(self, problem_ids=tuple(problem_ids), **parts)

    def to_bytes(self) -> bytes:
        """Return the measurement as one npz file; nothing is rounded."""
        import numpy as np

        meta = {name: getattr(self, name) for name in _PLAIN}
        meta["vocabulary"] = {str(number): text for number, text in self.vocabulary.items()}
        names = [each.name for each in fields(self) if each.name not in _PLAIN]
        arrays = {name: array for name in names if (array := getattr(self, name)) is not None}
        into = io.BytesIO()
        text = json.dumps({"version": VERSION, **meta}).encode()
        np.savez_compressed(into, meta=np.frombuffer(text, dtype=np.uint8), **arrays)
        return into.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Measurement":
        """Read what ``to_bytes`` returned; InputError where it is something else or of another version."""
        import numpy as np

        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                form: dict[str, Any] = {name: file[name] for name in file.files}
            meta = json.loads(form.pop("meta").tobytes())
            version = meta.pop("version")
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"not a measurement: {error!r}; measure again") from error
        if version != VERSION:
            raise InputError(f"a measurement of version {version!r}, this is version {VERSION!r}; measure again")
        meta["vocabulary"] = {int(number): text for number, text in meta["vocabulary"].items()}
        for name in ("problem_ids", "readers", "segments"):
            meta[name] = tuple(meta[name])
        return cls(**meta, **form)


_PLAIN = ("condition", "problem_ids", "readers", "segments", "vocabulary", "begin_tokens", "end_tokens", "at_pass")
