"""Where the answers of one verdict were made: those that compare must come out the same on every side.

A condition that was answered last year, with another torch or on another chip, can differ from today's baseline by
nothing but rounding. So conditions of several origins are flagged, and before they count, some of the answers of every
origin that is not today's are made again here: one that comes out otherwise makes the claim VOID.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctlab.files import sha256
from ctlab.interventions import BASELINE
from ctlab.records import Check, Generation, Provenance
from ctlab.records.generation import answers_digest
from ctlab.records.provenance import Origins

if TYPE_CHECKING:
    from ctlab.lab.run_maker import RunMaker

TRIED = 20
"""Answers of each origin that are made again: where one answer in seven would come out otherwise, twenty tell in 95 of
100 cases (0.86 ** 20 < .05)."""
NAME = "answered-again"
"""Name of the check."""
_VERSION = "1"  # of what is compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """Whether the answers of some conditions can be compared although they were made in several places."""

    checks: tuple[Check, ...] = ()
    """What was answered again; empty where all answers are of one origin."""
    flag: str = ""
    """What a reader must know; empty as well."""


def comparable(lab: "RunMaker", names: Sequence[str]) -> Comparable:
    """Hold the answers of several origins against each other; answers some of them again where there are several."""
    origins = {name: lab.origins(name) for name in names}
    together = list(dict.fromkeys(made for table in origins.values() for made in table))
    if len(together) < 2:
        return Comparable()
    checks = []
    for maker, group in lab.by_model(names):  # what one model answers again says nothing of another's answers
        now = maker.provenance()
        # The baseline's, where it has any of an origin: most is known of it.
        order = sorted(group, key=lambda name: name != BASELINE.name)
        for made in together:
            name = next((name for name in order if made in origins[name]), None)
            if name is not None and (made != now or not now.recorded):
                checks.append(_answered_again(lab, name, made, now, origins[name][made]))
    same = all(check.passed for check in checks)
    tried = "came out the same" if same else "did not all come out the same"
    again = f"; some of each other place, made again here, {tried}" if checks else ""
    said = "; ".join(f"{', '.join(_having(origins, made))} with {made.said()}" for made in together)
    flag = f"mixed: answers were made in several places ({said}){again}"
    return Comparable(checks=tuple(checks), flag=flag)


def _having(origins: Mapping[str, Origins], made: Provenance) -> list[str]:
    return [name for name, table in origins.items() if made in table]


def _answered_again(lab: "RunMaker", name: str, made: Provenance, now: Provenance, ids: Sequence[str]) -> Check:
    asked, compared = sample(lab, ids)
    stored = {answer.problem_id: answer for answer in lab.run(name).generations}
    before = [stored[problem_id] for problem_id in compared]
    key = lab.derived_key(
        NAME, name, _VERSION, made=_digest(made.to_json()), now=_digest(now.to_json()), compared=_digest(list(compared))
    )
    inputs = answers_digest(before)
    again = lab.store.derived.read_json(key, inputs, _generations)
    if again is None:
        answered = lab.answer_again(name, asked)
        again = [answered[problem_id] for problem_id in compared]
        lab.store.derived.write_json(key, inputs, [answer.to_json() for answer in again])
    others = [one for one, other in zip(before, again, strict=True) if one != other]
    what = f"{len(before)} answers of {name} made with {made.said()}"
    if not others:
        return Check(name=NAME, passed=True, detail=f"{what} are the same with {now.said()}")
    return Check(
        name=NAME,
        passed=False,
        detail=f"of {what}, {len(others)} come out otherwise with {now.said()} (the first is of problem "
        f"{others[0].problem_id}): they compare machines, so answer all conditions here, in another --ctlab-store",
    )


def sample(lab: "RunMaker", ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the problems to be answered again, and those of them that are compared."""
    if lab.decoding.padding == "exact":
        chosen = tuple(dict.fromkeys(ids[round(part * (len(ids) - 1) / (TRIED - 1))] for part in range(TRIED)))
        return chosen, chosen
    from ctlab.models.families.base import PUBLISHED_BATCH

    # As published an answer depends on its batch, so that a whole official batch is answered.
    start = lab.problems.ids.index(ids[0]) // PUBLISHED_BATCH * PUBLISHED_BATCH
    batch = lab.problems.ids[start : start + PUBLISHED_BATCH]
    return batch, tuple(problem_id for problem_id in ids if problem_id in set(batch))


def _generations(rows: Sequence[Mapping[str, Any]]) -> list[Generation]:
    return [Generation.from_json(row) for row in rows]


def _digest(form: Any) -> str:
    return sha256(json.dumps(form, sort_keys=True).encode())[:16]
