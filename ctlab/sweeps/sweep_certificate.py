"""What was verified about the cells of a sweep: of every one its edges, of a sample its weights and its answers too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.field_docs import documented
from ctlab.records import Certificate, Check

Scope = Literal["edges", "recomputed", "nothing"]
"""By its edges alone; by its weights, a recompute of watched rows and some of the very rows that answered, too; or not
at all."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SweepCertificate:
    """Proof by shape: the same kind of change in every cell, so that some stand for all."""

    cells: int
    """Cells of the sweep."""
    edges: Mapping[int, int]
    """Cell to the edges of one problem that it weakens before the answer, summed over layers and heads; empty where an
    engine of one's own answers, whose edges nobody can count."""
    question: int
    """Tokens of the question on which they were counted: the median."""
    faults: Mapping[int, str]
    """Cells whose edges are not what their conditions say, with the condition and how they differ."""
    sampled: Mapping[int, Certificate]
    """Cell to the certificate of its condition, for those that were recomputed."""
    seed: int
    """What the sample was drawn by."""
    baseline: Certificate | None = None
    """That of the undisturbed answers, which every cell is compared with."""
    rows: Mapping[int, str] = field(default_factory=dict)
    """Cells outside the sample of whose stored rows an earlier run found one that is not what it must be."""
    stored: tuple[int, ...] = ()
    """Cells with answers that other source of ctlab made, and nothing here vouches for."""

    @property
    def passed(self) -> bool:
        """Whether everything held that was looked at."""
        return not self.failure()

    def of(self, cell: int) -> Scope:
        """Say how one cell is certified."""
        if not 0 <= cell < self.cells:
            raise InputError(f"the sweep has cells 0 … {self.cells - 1}, not {cell}")
        if cell in self.stored or cell in self.rows:
            return "nothing"
        if cell in self.sampled:
            return "recomputed"
        return "edges" if cell in self.edges and cell not in self.faults else "nothing"

    def failure(self) -> str:
        """Say what did not hold; empty where everything did."""
        for cell, fault in self.faults.items():
            return f"edges of cell {cell}, {fault}"
        for cell, certificate in self.sampled.items():
            if why := certificate.failure():
                return f"cell {cell}, condition {certificate.condition!r}: {why}"
        if self.baseline is not None and (why := self.baseline.failure()):
            return f"baseline: {why}"
        for cell, fault in self.rows.items():
            return f"cell {cell}, {fault}"
        if self.stored:
            return (
                f"{formatting.counted(len(self.stored), 'cell')} with answers of other source of ctlab than today's, "
                f"the first of them cell {self.stored[0]}; answer them again, with another store"
            )
        return ""

    @property
    def checks(self) -> tuple[Check, ...]:
        """The whole as checks, for whoever judges."""
        counted = f"edges counted in {len(self.edges)} of {self.cells} cells, a question of {self.question} tokens"
        failing: list[object] = [each for each in (*self.sampled.values(), self.baseline) if each and not each.passed]
        failing += self.rows.values()
        shown = f"the baseline and {len(self.sampled)} of {self.cells} cells recomputed, drawn by seed {self.seed}"
        return (
            Check(
                name="edges-of-every-cell",
                passed=not self.faults and not self.stored,
                detail=f"{counted}; {self.failure()}" if self.faults or self.stored else counted,
            ),
            Check(
                name="recomputed-sample",
                passed=bool(self.sampled) and not failing,
                detail=f"{shown}; {self.failure()}" if failing else shown,
            ),
        )

    @property
    def said(self) -> str:
        """One sentence for people."""
        if why := self.failure():
            return f"failed: {why}"
        counted = "edges counted in every cell" if len(self.edges) == self.cells else "edges not counted"
        return f"{counted}; weights and answers recomputed in {formatting.share_of(len(self.sampled), self.cells)}"

    def __repr__(self) -> str:
        return f"<SweepCertificate: {self.said}>"

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "cells": self.cells,
            "passed": self.passed,
            "said": self.said,
            "question": self.question,
            "edges": {str(cell): edges for cell, edges in self.edges.items()},
            "faults": {str(cell): fault for cell, fault in self.faults.items()},
            "sampled": {str(cell): certificate.to_json() for cell, certificate in self.sampled.items()},
            "seed": self.seed,
            "stored": list(self.stored),
            "rows": {str(cell): fault for cell, fault in self.rows.items()},
            "baseline": None if self.baseline is None else self.baseline.to_json(),
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "SweepCertificate":
        """Read the JSON form; whether it passed is worked out again."""
        return cls(
            cells=form["cells"],
            edges={int(cell): edges for cell, edges in form["edges"].items()},
            question=form["question"],
            faults={int(cell): fault for cell, fault in form["faults"].items()},
            sampled={int(cell): Certificate.from_json(kept) for cell, kept in form["sampled"].items()},
            seed=form["seed"],
            stored=tuple(form["stored"]),
            rows={int(cell): fault for cell, fault in form.get("rows", {}).items()},
            baseline=None if form["baseline"] is None else Certificate.from_json(form["baseline"]),
        )
