"""Proof that a condition did what its data says; made by ``ctlab.certify``, carried into the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was verified."""

    name: str
    """Short name, such as ``removed-edges-are-zero``."""
    passed: bool
    """Whether it held."""
    detail: str
    """What was observed, as a sentence with its numbers."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail}


def read_checks(rows: Iterable[Mapping[str, Any]]) -> tuple[Check, ...]:
    """Read the JSON forms of checks."""
    return tuple(Check(**row) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was verified about one condition on one model and backend."""

    condition: str
    """Name of the condition."""
    model: str
    """Digest of the model."""
    backend: str
    """How attention was computed: implementation, device and dtype, such as ``eager cpu float32``."""
    edges_removed: int
    """Attention edges (reader → key) with keep 0 in the whole certified sample; an edge that is removed in some layers
    or heads counts once."""
    edges_weakened: int
    """Attention edges with keep below 1, removed ones included, counted in the same way."""
    problems: int
    """Size of the certified sample."""
    checks: tuple[Check, ...]
    """Everything that was verified, in order."""
    thoughts_replaced: int = 0
    """Thoughts in the whole certified sample that were fed something else than the model made of them."""
    thoughts_left_out: int = 0
    """Thoughts in the whole certified sample that the model would have fed and the condition does not."""
    steps_replaced: int = 0
    """Problems of the whole certified sample whose written steps are others than the model's own."""
    thinking: str = "latent"
    """How the model was asked to think (`Condition.thinking`)."""
    scope: str = "all layers and heads"
    """Where the interventions apply, in words."""
    identical_to: str | None = None
    """Another condition of the same pass that weakens and replaces the same; the two are reported as one."""
    available: bool = True
    """False for recorded answers: nothing could be verified."""

    @property
    def passed(self) -> bool:
        """Whether every check held; a certificate that is not available contradicts nothing."""
        return all(check.passed for check in self.checks)

    @property
    def edges_per_problem(self) -> float:
        """Mean number of removed edges a problem, 0.0 for an empty sample."""
        return self.edges_removed / self.problems if self.problems else 0.0

    @property
    def treats(self) -> bool:
        """Whether anything was weakened, replaced, left out or thought otherwise in the certified sample."""
        return (
            self.edges_weakened > 0
            or self.thoughts_replaced > 0
            or self.thoughts_left_out > 0
            or self.steps_replaced > 0
            or self.thinking != "latent"
        )

    def also(self, *checks: Check) -> "Certificate":
        """Return the certificate with what else was verified."""
        return replace(self, checks=(*self.checks, *checks))

    def failure(self) -> str | None:
        """Say what did not hold, None when all checks passed."""
        failed = [f"{check.name}: {check.detail}" for check in self.checks if not check.passed]
        return "; ".join(failed) or None

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "condition": self.condition,
            "model": self.model,
            "backend": self.backend,
            "edges_removed": self.edges_removed,
            "edges_weakened": self.edges_weakened,
            "thoughts_replaced": self.thoughts_replaced,
            "thoughts_left_out": self.thoughts_left_out,
            # Left out where they say nothing, so that what was stored before reads the same.
            **({"steps_replaced": self.steps_replaced} if self.steps_replaced else {}),
            **({"thinking": self.thinking} if self.thinking != "latent" else {}),
            "problems": self.problems,
            "scope": self.scope,
            "identical_to": self.identical_to,
            "available": self.available,
            "passed": self.passed,
            "checks": [check.to_json() for check in self.checks],
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Certificate":
        """Read the JSON form; ``passed`` is recomputed from the checks."""
        fields = {name: value for name, value in form.items() if name not in ("passed", "checks")}
        return cls(**fields, checks=read_checks(form["checks"]))

    @classmethod
    def recorded(cls, condition: str) -> "Certificate":
        """Stand in for recorded answers: not available."""
        return cls(
            condition=condition,
            model="",
            backend="recorded",
            edges_removed=0,
            edges_weakened=0,
            problems=0,
            checks=(),
            scope="unknown",
            available=False,
        )
