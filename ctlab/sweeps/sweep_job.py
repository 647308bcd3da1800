"""Who answers the cells of a sweep, where their answers are kept, and how they come: a tile at a time."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from time import monotonic

from ctlab.files import sha256
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors import ModelEngine, SharingEngine
from ctlab.lab.run_maker import RunMaker
from ctlab.lab.share_out import share_out_certified
from ctlab.problems import Problem
from ctlab.records import Certificate, Generation, RunKey
from ctlab.records.derived_key import DerivedKey
from ctlab.records.row_audit import AuditedBatch, RowAudit
from ctlab.sweeps.cells import Grid
from ctlab.sweeps.model_shape import ModelShape, model_shape
from ctlab.sweeps.sweep_certificate import SweepCertificate
from ctlab.sweeps.tiles import Tiles, tiles_of

Answers = Mapping[str, Sequence[Generation]]
"""Condition name to its generations, in the order of the problems that were asked."""


class SweepJob:
    """A grid, and the runs that its cells are: keys, certificates and answers are those of ordinary runs.

    ``keeps`` is whether answers are read from and written to the store.
    """

    temporary: object = None
    """A folder that is removed with the job, where nothing is kept."""

    def __init__(self, grid: Grid, maker: RunMaker, sampled: Sequence[int], *, keeps: bool) -> None:
        self.grid, self.maker, self.keeps = grid, maker, keeps
        self.conditions = tuple(cell.condition for cell in grid.cells)
        self.sampled = tuple(sampled)
        names = [BASELINE.name, *(self.conditions[cell].name for cell in sampled)]
        self.audits: dict[str, list[RowAudit]] = {name: [] for name in names}
        """What was found of rows that answered undisturbed and under the sampled cells, by condition name."""
        self.seconds = 0.0
        """Time that answering took."""
        self.made = 0
        """Answers that were made, and not read."""

    @cached_property
    def shape(self) -> ModelShape | None:
        """What is known of the model without its weights."""
        return model_shape(self.maker.settings, self.maker.engine, [each.question for each in self.maker.problems])

    @cached_property
    def tiles(self) -> Tiles:
        """How the sweep is cut."""
        in_order = self.maker.settings.padding != "exact"
        return tiles_of(self.grid, self.maker.problems.problems, self.shape, in_order=in_order)

    def missing(self) -> int:
        """Count the answers that are in no store."""
        ids = self.maker.problems.ids
        if not self.keeps:
            return (1 + len(self.grid)) * len(ids)
        groups = [[BASELINE], *([self.conditions[cell] for cell in group] for group in self.tiles.groups)]
        # A group at a time: what a store says of all of them at once is as much as all of their answers.
        return sum(sum(map(len, self.maker.store.missing(self._keys(group), ids).values())) for group in groups)

    def missing_of_baseline(self) -> int:
        """Of these, those of the undisturbed model."""
        ids = self.maker.problems.ids
        missing = self.maker.store.missing(self._keys([BASELINE]), ids) if self.keeps else {BASELINE.name: ids}
        return sum(map(len, missing.values()))

    def share_out(self) -> bool:
        """Have the engine's workers answer what is missing; return whether it has any who could be asked.

        They certify nothing: the sweep's certificate is made before. Where nothing is kept one worker answers it all.
        """
        if not self.keeps or not isinstance(self.maker.engine, SharingEngine):
            return False
        names = [[self.conditions[cell].name for cell in group] for group in self.tiles.groups]
        timing = share_out_certified(self.maker, [[BASELINE.name], *names], self.audits.keys())
        self.made, self.seconds = self.made + int(timing["answers"]), self.seconds + timing["seconds"]
        return True

    def answers(
        self, conditions: Sequence[Condition], problems: Sequence[Problem], told: Callable[[int], None]
    ) -> Answers:
        """Answer a tile; ``told`` is how many answers were made just now."""
        ids = [problem.id for problem in problems]
        produce = partial(self._produce, told=told)
        if self.keeps:
            keys, maker = self._keys(conditions), self.maker
            return maker.store.collect(keys, ids, produce, maker.provenance, certifier())
        found: dict[str, dict[str, Generation]] = {condition.name: {} for condition in conditions}
        for batch in produce({condition.name: tuple(ids) for condition in conditions}):
            for name, generations in batch.items():
                found[name].update((each.problem_id, each) for each in generations)
        return {name: [answers[each] for each in ids] for name, answers in found.items()}

    def stored_certificate(self, name: str, source: str) -> Certificate | None:
        """Return the certificate of a condition that some source made, where one is kept."""
        if not self.keeps:
            return None
        key = self.maker.certificate_key(name, source)
        kept = self.maker.store.derived.read_json(key, "", Certificate.from_json)
        # Whoever certified the same condition first may have called it otherwise.
        return None if kept is None else replace(kept, condition=name)

    def keep_certificate(self, name: str, certificate: Certificate) -> None:
        """Keep a certificate where an ordinary run keeps it."""
        if self.keeps:
            self.maker.store.derived.write_json(
                self.maker.certificate_key(name, certifier()), "", certificate.to_json()
            )

    def stored_proof(self, source: str) -> SweepCertificate | None:
        """Return the certificate of this very sweep that some source made, where one is kept."""
        if not self.keeps:
            return None
        return self.maker.store.derived.read_json(self._proof_key(source), "", SweepCertificate.from_json)

    def keep_proof(self, proof: SweepCertificate) -> None:
        """Keep the certificate of the sweep: later source did not make these answers, and cannot vouch for them."""
        if self.keeps:
            self.maker.store.derived.write_json(self._proof_key(certifier()), "", proof.to_json())

    def _proof_key(self, source: str) -> DerivedKey:
        maker, form = self.maker, json.dumps([self.grid.to_json(), self.sampled])
        parts = {"asked": sha256("\n".join(maker.problems.ids).encode())[:16], "cells": sha256(form.encode())[:16]}
        names = {"model": maker.subject.model_name, "problems": maker.problems.name}
        return DerivedKey(kind="sweep-certificate", run=maker.model_key, code=source, parts=parts, names=names)

    def note(self) -> None:
        """Note in the store what is answered and read here, as an ordinary run does."""
        if self.keeps:
            conditions = [BASELINE, *self.conditions]
            self.maker.remember({condition.definition: condition for condition in conditions})
            self.maker.note_use([condition.name for condition in conditions])

    def note_speed(self, positions: int) -> None:
        """Keep how fast this machine is now, for the next plan; ``positions`` are those of the whole sweep."""
        if self.keeps and self.made and self.seconds > 0:
            done = positions * self.made / ((1 + len(self.grid)) * len(self.maker.problems))
            self.maker.store.derived.write_json(self._speed_key, "", {"positions": done, "seconds": self.seconds})

    def positions_per_second(self) -> float | None:
        """How fast a sweep of this model was last; None where none was, or where it kept nothing."""
        if not self.keeps:
            return None
        return self.maker.store.derived.read_json(self._speed_key, "", _speed)

    @property
    def _speed_key(self) -> DerivedKey:
        key = self.maker.timing_key()
        return DerivedKey(kind=key.kind, run=key.run, code=key.code, parts={"of": "sweep"}, names=key.names)

    def _keys(self, conditions: Sequence[Condition]) -> Mapping[str, RunKey]:
        return self.maker.keys([condition.name for condition in conditions])

    def _produce(
        self, missing: Mapping[str, Sequence[str]], told: Callable[[int], None]
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer what is missing; what misses the same problems is one plan."""
        self.maker.load()
        groups: dict[tuple[str, ...], list[Condition]] = {}
        for name, ids in missing.items():
            groups.setdefault(tuple(ids), []).append(self.maker.conditions[name])
        by_id = {problem.id: problem for problem in self.maker.problems}
        for ids, conditions in groups.items():
            began = monotonic()
            for batch in self._batches([by_id[each] for each in ids], conditions):
                if isinstance(batch, AuditedBatch):
                    for name in self.audits.keys() & batch.audits.keys():
                        self.audits[name].append(batch.audits[name])
                made = sum(map(len, batch.values()))
                self.made, self.seconds = self.made + made, self.seconds + monotonic() - began
                told(made)
                yield batch
                began = monotonic()

    def _batches(
        self, problems: Sequence[Problem], conditions: Sequence[Condition]
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        engine = self.maker.engine
        if isinstance(engine, ModelEngine):
            return engine.batches(problems, conditions, audited=self.audits.keys())
        return engine.batches(problems, conditions)


def _speed(timing: Mapping[str, float]) -> float | None:
    return timing["positions"] / timing["seconds"] if timing["seconds"] > 0 else None
