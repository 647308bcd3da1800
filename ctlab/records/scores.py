"""How probable given answers are under one condition, at the answer and at thoughts. Pure data.

numpy is imported inside functions only, so that who merely names scores does not pay for it.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctlab.errors import InputError
from ctlab.inputs import shown

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

ANSWER = "answer"
"""Where whole answers are scored; a thought's name is the other place."""
_FORM = "1"
_PLAIN = ("condition", "problem_ids", "texts", "token_ids", "gold", "at")
_ARRAYS = ("log_probability", "end", "first")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Scores:
    """Log-probabilities (natural logarithm, float64) of n problems' given answers, K of them in all.

    The K answers stand problem by problem, in the order in which each problem's were given.
    """

    condition: str
    """Name of the condition."""
    problem_ids: tuple[str, ...]
    """Ids of the problems (n), in problem order."""
    texts: tuple[tuple[str, ...], ...]
    """Each problem's given answers, as texts."""
    token_ids: tuple[tuple[tuple[int, ...], ...], ...]
    """Their token ids, the end token not among them."""
    gold: tuple[int | None, ...]
    """Which of a problem's answers says its reference answer, from 0; None where none does."""
    log_probability: "Floats"
    """(K,): sum of the log-probabilities of an answer's ids, each given the ids before it, without the end token."""
    end: "Floats"
    """(K,): log-probability of the end token after the answer; added to the other, the answer is the whole one."""
    at: tuple[int, ...]
    """Thoughts (k of CTk) at which the answers' first ids were read too."""
    first: "Floats"
    """(thoughts in ``at``, K): log-probability of an answer's first id in what the state decodes to that CTk is made
    of, which is the last hidden state of the position before it."""

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit their names."""
        total = sum(map(len, self.texts))
        shapes = {"log_probability": (total,), "end": (total,), "first": (len(self.at), total)}
        for name, shape in shapes.items():
            if (found := getattr(self, name).shape) != shape:
                raise InputError(
                    f"scores of {self.condition!r}: {name} has the shape {found}, and its answers ask for {shape}"
                )
        lengths = {len(self.problem_ids), len(self.texts), len(self.token_ids), len(self.gold)}
        same = all(
            [*map(len, texts)] and len(texts) == len(ids)
            for texts, ids in zip(self.texts, self.token_ids, strict=False)
            if texts
        )
        if len(lengths) > 1 or not same:
            raise InputError(f"scores of {self.condition!r}: problems, texts, ids and gold are not equally many")

    def __repr__(self) -> str:
        """Name the condition and the sizes."""
        at = f", at {', '.join(f'CT{k}' for k in self.at)}" if self.at else ""
        return f"Scores({self.condition!r}: {len(self.end)} answers to {len(self.problem_ids)} problems{at})"

    @cached_property
    def _start(self) -> tuple[int, ...]:
        starts = [0]
        for texts in self.texts:
            starts.append(starts[-1] + len(texts))
        return tuple(starts)

    def _own(self, row: int) -> slice:
        """Where the answers of a row stand; a row from the end would be another problem's, or nobody's."""
        last = len(self.problem_ids) - 1
        if not hasattr(row, "__index__") or not 0 <= row <= last:  # numpy's whole numbers are such as well
            raise InputError(f"rows of scores of {self.condition!r} are counted from 0 to {last}, not {shown(row)}")
        return slice(self._start[row], self._start[row + 1])

    def of(self, row: int, *, end: bool = True) -> "Floats":
        """Log-probabilities (answers,) of the problem in this row, the end token's included unless it is left out."""
        own = self._own(row)
        return self.log_probability[own] + self.end[own] if end else self.log_probability[own]

    def at_thought(self, thought: int, row: int) -> "Floats":
        """Log-probabilities (answers,) of the first ids of the problem in this row, read before CT``thought``."""
        if thought not in self.at:
            raise InputError(
                f"scores of {self.condition!r} were not read at CT{thought}; score with at=['CT{thought}']"
            )
        return self.first[self.at.index(thought), self._own(row)]

    def mass(self, thought: int, row: int, texts: Sequence[str]) -> float:
        """Probability (0 … 1) that the state before CT``thought`` gives to the first ids of some of the row's answers.

        Two answers with one first id are one place for mass: it counts once.
        """
        import numpy as np

        found = dict(
            zip(self.texts[row], zip(self.token_ids[row], self.at_thought(thought, row), strict=True), strict=True)
        )
        if unknown := [text for text in texts if text not in found]:
            raise InputError(f"problem {self.problem_ids[row]} was not given the answer {unknown[0]!r}; score it too")
        firsts = {ids[0]: value for ids, value in (found[text] for text in texts)}
        return float(np.exp(list(firsts.values())).sum())

    def called(self, condition: str) -> "Scores":
        """Return it under another condition's name: two conditions with the same interventions share scores."""
        return self if condition == self.condition else replace(self, condition=condition)

    def to_bytes(self) -> bytes:
        """Return the scores as one npz file; nothing is rounded."""
        import numpy as np

        text = json.dumps({"form": _FORM, **{name: getattr(self, name) for name in _PLAIN}}).encode()
        into = io.BytesIO()
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(into, meta=np.frombuffer(text, dtype=np.uint8), **arrays)
        return into.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Scores":
        """Read what ``to_bytes`` returned; InputError where it is something else or of another form."""
        import numpy as np

        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                arrays: dict[str, Any] = {name: file[name] for name in _ARRAYS}
                meta = json.loads(file["meta"].tobytes())
            form = meta.pop("form")
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"these are no scores: {error!r}; score again") from error
        if form != _FORM:
            raise InputError(f"scores in the form {form!r}, and this is form {_FORM!r}; score again")
        for name in ("problem_ids", "gold", "at"):
            meta[name] = tuple(meta[name])
        meta["texts"] = tuple(map(tuple, meta["texts"]))
        meta["token_ids"] = tuple(tuple(map(tuple, answers)) for answers in meta["token_ids"])
        return cls(**meta, **arrays)


def places(at: str | Sequence[str]) -> tuple[str, ...]:
    """Return where to score, each place once; InputError where that is no list of names."""
    named = (at,) if isinstance(at, str) else at
    if not isinstance(named, list | tuple) or not named or not all(isinstance(each, str) for each in named):
        raise InputError(f"at is 'answer', a thought such as 'CT0', or a list of these, not {shown(at)}")
    return tuple(dict.fromkeys(named))
