"""What a sweep would take, before it runs: cells, answers, positions, time, memory; and its run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from ctlab import formatting
from ctlab.field_docs import documented
from ctlab.interventions import BASELINE
from ctlab.lab.answer_forms import forms_of
from ctlab.lab.plan_table import table
from ctlab.lab.progress import Progress, duration
from ctlab.records import Generation
from ctlab.sweeps.cell_labels import Labels
from ctlab.sweeps.cells import Grid
from ctlab.sweeps.outcomes import BASELINE_ROW, Feature, SweepOutcomes
from ctlab.sweeps.positions import ANSWER, Positions
from ctlab.sweeps.proving import prove, with_rows
from ctlab.sweeps.sweep_job import SweepJob
from ctlab.sweeps.swept import Sweep
from ctlab.sweeps.tiles import Tiles


@documented
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SweepPlan:
    """A sweep that can be run; printed, it says what it takes."""

    grid: Grid
    """The cells."""
    problems: int
    """Problems that each is asked."""
    features: dict[str, Feature] = field(repr=False)
    """What `by` asked for."""
    recomputed: tuple[int, ...]
    """Cells whose weights and answers are to be recomputed; edges are counted in all."""
    tiles: Tiles = field(repr=False)
    """Groups of cells and blocks of problems that run together."""
    missing: int
    """Answers that are to be made, the baseline's among them."""
    positions: Positions | None
    """Forward positions of the whole sweep; None where an engine of one's own answers."""
    seconds: float | None
    """Time to make what is missing, at the speed that this model had here last; None where none was measured."""
    memory: int
    """Bytes of labels and lengths."""
    seed: int
    """What the sample is drawn by."""
    whole: tuple[str, ...] = ()
    """Axes along which it has every value that the model has."""
    job: SweepJob = field(repr=False)
    """Who answers."""

    @property
    def answers(self) -> int:
        """Answers of the whole sweep."""
        return (1 + len(self.grid)) * self.problems

    def run(self) -> Sweep:
        """Certify, answer, label.

        Raises
        ------
        CertificateError
            Where a cell is not what its condition says; before anything is answered.
        """
        job, maker = self.job, self.job.maker
        began = monotonic()
        job.note()
        proof = prove(job, self.seed)
        certified = monotonic()
        labels = Labels(maker.problems, 1 + len(self.grid), longest=maker.decoding.max_new_tokens)
        # After workers were asked it is counted again: others may have answered meanwhile.
        missing = job.missing() if self.missing and job.share_out() else self.missing
        _answer(job, labels, missing)
        proof = with_rows(job, proof)
        job.keep_proof(proof)
        if not proof.passed:
            maker.log.say(f"the certificate of the sweep failed: {proof.failure()}")
        if self.positions is not None:
            job.note_speed(self.positions.shared)
        job.note()
        outcomes = SweepOutcomes(
            grid=self.grid,
            problem_ids=maker.problems.ids,
            names=labels.names,
            labels=labels.labels,
            lengths=labels.lengths,
            features=self.features,
            failure=proof.failure(),
            whole=self.whole,
        )
        return Sweep(
            outcomes=outcomes,
            certificate=proof,
            model=maker.engine.digest,
            made=job.made,
            seconds=monotonic() - certified,
            certifying=certified - began,
        )

    def to_json(self) -> dict[str, Any]:
        """JSON form: the numbers that are printed."""
        positions = self.positions
        return {
            "grid": self.grid.to_json(),
            "cells": len(self.grid),
            "problems": self.problems,
            "answers": self.answers,
            "missing": self.missing,
            "groups": len(self.tiles.groups),
            "positions": None if positions is None else positions.shared,
            "positions_alone": None if positions is None else positions.alone,
            "seconds": self.seconds,
            "memory": self.memory,
            "recomputed": len(self.recomputed),
        }

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        axes = " × ".join(formatting.counted(len(values), axis) for axis, values in self.grid.axes.items())
        left_out = int(self.grid.spread([0] * len(self.grid)).size) - len(self.grid)
        without = f", {left_out} places without an edge left out" if left_out else ""
        stored = self.answers - self.missing
        rows = [
            ("cells", f"{formatting.count(len(self.grid))} ({axes}{without})"),
            ("conditions", f"{formatting.count(1 + len(self.grid))}, the baseline among them"),
            ("problems", formatting.count(self.problems)),
            ("answers", f"{formatting.count(self.answers)}, {formatting.count(stored)} of them in the store"),
            ("plans", self._plans()),
            ("positions", self._positions()),
            (
                "certified",
                f"edges of every cell; {formatting.share_of(len(self.recomputed), len(self.grid))} recomputed",
            ),
            ("time", self._time()),
            ("memory", f"{_bytes(self.memory)} of labels and lengths; no text is held"),
        ]
        return "\n".join(table(rows))

    def _plans(self) -> str:
        groups, blocks = len(self.tiles.groups), len(self.tiles.blocks)
        if self.tiles.with_baseline:
            return "one, which the baseline shares"
        first = max(map(len, self.tiles.groups))
        return (
            f"{formatting.counted(groups, 'group')} of at most {formatting.counted(first, 'cell')} × "
            f"{formatting.counted(blocks, 'block')} of problems; the baseline before, in a pass of its own"
        )

    def _positions(self) -> str:
        if self.positions is None:
            return "not known of an engine of your own"
        shared, alone = self.positions.shared, self.positions.alone
        return (
            f"{formatting.count(shared)} with shared prefixes, {formatting.count(alone)} without "
            f"({alone / shared:.1f} ×); answers taken as {ANSWER} tokens"
        )

    def _time(self) -> str:
        if not self.missing:
            return "nothing is to be answered"
        if self.seconds is None:
            return "not measured: known once a run of this model has come to its end with this store"
        return f"about {duration(self.seconds)}, at the speed that this model had here last"


def estimate(job: SweepJob, missing: int, positions: Positions | None) -> float | None:
    """Return the seconds that missing answers take: by the last sweep's positions, else by the last run's answers."""
    speed = job.positions_per_second()
    if positions is not None and speed:
        return positions.shared * missing / ((1 + len(job.grid)) * len(job.maker.problems)) / speed
    answers = job.maker.answers_per_second() if job.keeps else None
    return missing / answers if answers else None


def _answer(job: SweepJob, labels: Labels, missing: int) -> None:
    """Answer tile by tile; a tile's answers are let go once they are labelled."""
    maker, tiles = job.maker, job.tiles
    problems = maker.problems.problems
    size = f"{formatting.counted(len(job.grid), 'cell')} × {formatting.counted(len(problems), 'problem')}"
    total = (1 + len(job.grid)) * len(problems)
    progress = Progress(missing or total, size, maker.log, verb="generat" if missing else "labell")
    told = progress.advance if missing else _nothing
    forms: frozenset[str] | None = None
    if not tiles.with_baseline:
        undisturbed = job.answers([BASELINE], problems, told)[BASELINE.name]
        forms = _forms(job, dict(enumerate(undisturbed)))
        labels.fill(BASELINE_ROW, range(len(problems)), undisturbed, forms)
        del undisturbed
    for block in tiles.blocks:
        asked = [problems[column] for column in block]
        for group in tiles.groups:
            conditions = [job.conditions[cell] for cell in group]
            rows = [cell + 1 for cell in group]
            if tiles.with_baseline:
                conditions, rows = [BASELINE, *conditions], [BASELINE_ROW, *rows]
            answers = job.answers(conditions, asked, told)
            if forms is None:
                # Labels depend on the forms of undisturbed answers: here all of them came with the first tile.
                forms = _forms(job, dict(zip(block, answers[BASELINE.name], strict=True)))
            for row, condition in zip(rows, conditions, strict=True):
                labels.fill(row, block, answers[condition.name], forms)
            del answers  # not beside the next tile's
            if not missing:
                progress.advance(len(rows) * len(block))
        labels.forget()
    progress.finish()


def _forms(job: SweepJob, undisturbed: Mapping[int, Generation]) -> frozenset[str]:
    """The forms of undisturbed answers, which labels depend on; by the number of their problem."""
    in_order = [undisturbed[column] for column in range(len(undisturbed))]
    return frozenset(forms_of(job.maker, lambda: in_order).known)


def _nothing(answers: int) -> None:
    """What is read takes no time that a person waits for."""


def _bytes(size: int) -> str:
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"
