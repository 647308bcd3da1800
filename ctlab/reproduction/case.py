"""What a cause looks at: the model as given, its trial, and the means to load it otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ctlab.reproduction.asked import Asked
from ctlab.reproduction.trial import Bench, Trial
from ctlab.reproduction.variant import Variant

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model that may fall short."""

    bench: Bench
    """The model and the questions of the sample."""
    given: Trial
    """Its answers as it was given."""
    load: Callable[..., LatentReasoner]
    """Loads the checkpoint once more with other settings, in another type: ``load(dtype="float32", lora_alpha=8)``."""

    @property
    def model(self) -> LatentReasoner:
        """The model as given."""
        return self.bench.model

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The questions of the sample."""
        return self.bench.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What can be seen of a model without a comparison, and is certain."""

    says: str
    """What was found, in a sentence without a full stop."""
    remedy: str
    """What to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a cause has to say of a case before anything is tried."""

    variants: tuple[Variant, ...] = ()
    """What to try."""
    findings: tuple[Finding, ...] = ()
    """What is certain."""
    note: str = ""
    """Why there is nothing to try, or what was seen that accuses nobody."""
    clue: str = ""
    """What to look at next where nobody is accused: likely, and nothing that could be tried would show it."""
    details: dict[str, Any] = field(default_factory=dict)
    """What else the certificate records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One way in which a model can fall short of what was published."""

    name: str
    """Its name in JSON."""
    title: str
    """Its name on the page."""
    look: Callable[[Case], Looked]
    """Looks at a case."""
