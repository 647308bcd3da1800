"""What was generated and under which settings: records that the store keeps and that need no torch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal

from ctlab.errors import InputError

Padding = Literal["exact", "as-published"]
PADDINGS: tuple[Padding, ...] = ("exact", "as-published")
DTYPES = ("float32", "bfloat16", "float16", "float64")
ENGINE = "1"
"""Version of the engine's answers: raised by a change after which a question could be answered otherwise, rounding
aside. It is part of every run's key, so that answers of an engine with a known mistake are never taken for today's; it
is no part of what accepted verdicts are filed under: a verdict that such a change moves is to turn red.
``tests/engine/test_ids_unchanged.py`` asks for that whenever the engine's source changes."""
_DIGESTED = 4096
"""Answers that are digested at once."""


def _digest(form: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The answer to one problem under one condition."""

    problem_id: str
    """Id of the problem."""
    token_ids: tuple[int, ...]
    """Generated ids in order, the end token included where it was reached."""
    text: str
    """The ids as text, without special tokens."""
    row: str = field(default="", compare=False)
    """Which row of which batch made it, ``BATCH:NUMBER``: a copy keeps the row of what it is a copy of. Empty where
    nobody noted it: recorded answers, and those that were stored before rows were."""
    donor: str = field(default="", compare=False)
    """Id of the problem whose thought was fed in place of its own, under a condition that takes thoughts of donors;
    empty elsewhere, and where there it had none and was left as it is."""
    right: bool | None = field(default=None, compare=False)
    """Whether it is right, where only that was recorded and ``text`` says so; None where the answer itself is there."""
    thoughts: int | None = None
    """Thoughts before the answer, where the model decides itself when to stop; None where all have the same number.
    Of a problem on which it never stopped, the most that there can be, and no ids."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        form = {"problem_id": self.problem_id, "token_ids": list(self.token_ids), "text": self.text}
        more = {"row": self.row, "donor": self.donor}
        known = {"right": self.right, "thoughts": self.thoughts}
        return (
            form
            | {name: value for name, value in more.items() if value}
            | {name: value for name, value in known.items() if value is not None}
        )

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Generation":
        """Read the JSON form."""
        return cls(
            problem_id=form["problem_id"],
            token_ids=tuple(form["token_ids"]),
            text=form["text"],
            row=form.get("row", ""),
            donor=form.get("donor", ""),
            right=form.get("right"),
            thoughts=form.get("thoughts"),
        )


def answers_digest(generations: Sequence[Generation]) -> str:
    """Digest of what was answered, in order, 16 hex digits: what is derived from answers is checked against it."""
    known = getattr(generations, "digest", None)  # answers that are held as columns work it out once
    return digest_of(generations) if known is None else str(known)


def digest_of(generations: Sequence[Generation]) -> str:
    """Digest what was answered, in order, a few thousand answers at a time, 16 hex digits."""
    digest, each, first = hashlib.sha256(b"["), iter(generations), True
    while some := list(islice(each, _DIGESTED)):
        rows = [
            (answer.problem_id, answer.token_ids, answer.text, *(() if answer.thoughts is None else (answer.thoughts,)))
            for answer in some
        ]
        digest.update(("" if first else ", ").encode() + json.dumps(rows)[1:-1].encode())
        first = False
    digest.update(b"]")
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """Settings of a run that can change an answer."""

    padding: Padding = "exact"
    """``exact``: padding is invisible. ``as-published``: thoughts and answers attend to left padding, as in the
    official batched evaluation."""
    dtype: str = "float32"
    """Floating-point type of weights and activations."""
    max_new_tokens: int = 64
    """Most answer tokens a problem; an answer also ends after the model's end token."""
    batch_membership: str = ""
    """As published only: digest of the problems in order, because there an answer depends on its batch mates."""

    def __post_init__(self) -> None:
        if self.padding not in PADDINGS:
            raise InputError(f"padding must be one of {', '.join(PADDINGS)}; not {self.padding!r}")
        if self.dtype not in DTYPES:
            raise InputError(f"dtype must be one of {', '.join(DTYPES)}; not {self.dtype!r}")
        whole = isinstance(self.max_new_tokens, int) and not isinstance(self.max_new_tokens, bool)
        if not whole or self.max_new_tokens < 1:
            raise InputError(f"max_new_tokens must be a whole number from 1, not {self.max_new_tokens!r}")

    @property
    def digest(self) -> str:
        """First 16 hex digits of the sha256 of all settings."""
        return _digest(self.to_json())

    def among(self, problem_ids: Sequence[str]) -> "Decoding":
        """Return the settings of a run of these problems; with exact padding batch membership does not matter."""
        if self.padding == "exact":
            return self
        return replace(self, batch_membership=_digest({"problems": list(problem_ids)}))

    def to_json(self) -> dict[str, Any]:
        """JSON form; without batch membership, ``company`` there, where there is none."""
        form = {"padding": self.padding, "dtype": self.dtype, "max_new_tokens": self.max_new_tokens}
        return {**form, "company": self.batch_membership} if self.batch_membership else form

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Decoding":
        """Read the JSON form."""
        fields = dict(form)
        # The stored name is part of every as-published run's key, so that it stays what it was.
        return cls(batch_membership=fields.pop("company", ""), **fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKey:
    """Which run a generation belongs to; problem ids are the rows of a run, not part of its key."""

    model: str
    """Digest of weights and settings."""
    condition: str
    """Digest of the condition's interventions, and of the problem set where these draw on other problems."""
    decoding: str
    """Digest of the decoding settings."""
    engine: str = field(default_factory=lambda: ENGINE)
    """Version of the engine that answered."""
    environment: str = ""
    """What kind of device and of attention answered, which can change a token; empty where it was not recorded."""

    @property
    def digest(self) -> str:
        """First 16 hex digits of the sha256 of all five."""
        return _digest(self.to_json())

    @property
    def unrecorded(self) -> "RunKey":
        """The same run as stores before environments were recorded kept it."""
        return replace(self, environment="")

    def to_json(self) -> dict[str, str]:
        """JSON form; without an environment, as every key once was, where none was recorded."""
        form = {
            "model": self.model,
            "condition": self.condition,
            "decoding": self.decoding,
            "engine": self.engine,
        }
        return {**form, "environment": self.environment} if self.environment else form

    @classmethod
    def from_json(cls, form: Mapping[str, str]) -> "RunKey":
        """Read the JSON form; one without the engine's version is of no engine that is known."""
        return cls(
            model=form["model"],
            condition=form["condition"],
            decoding=form["decoding"],
            engine=form["engine"],
            environment=form.get("environment", ""),
        )
