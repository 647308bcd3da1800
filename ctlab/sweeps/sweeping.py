"""`ctlab.sweep`: a model, problems and axes in, a plan or its outcomes out."""

import os
import tempfile
from collections.abc import Mapping
from typing import Any, Literal, overload

from ctlab.errors import CertificateError, InputError
from ctlab.inputs import shown
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.lab import Lab
from ctlab.lab.run_maker import RunMaker
from ctlab.records.own_functions import nearest
from ctlab.sweeps.axes import Named, Numbered, read_grid, refuse_too_large, whole_axes
from ctlab.sweeps.by_feature import features_by
from ctlab.sweeps.cell_sample import LEAST, sampled_cells
from ctlab.sweeps.outcomes import SweepOutcomes
from ctlab.sweeps.positions import positions_of
from ctlab.sweeps.sweep_job import SweepJob
from ctlab.sweeps.sweep_plan import SweepPlan, estimate
from ctlab.sweeps.swept import Sweep

_SETTINGS = (
    *("limit", "features", "settings", "base", "device", "dtype", "batch_tokens", "padding", "max_new_tokens"),
    "allow_pickle",
)
"""Those of `ctlab.Lab` that a sweep has too."""


@overload
def sweep(model: Any = ..., problems: Any = ..., *, plan: Literal[True], **axes: Any) -> SweepPlan: ...
@overload
def sweep(model: Any = ..., problems: Any = ..., *, plan: Literal[False] = ..., **axes: Any) -> Sweep: ...
def sweep(
    model: Any = "tiny",
    problems: Any = None,
    *,
    positions: Named = None,
    layers: Numbered = None,
    heads: Numbered = None,
    readers: Named = None,
    by: Any = (),
    plan: bool = False,
    store: str | os.PathLike[str] | None = None,
    share: float = LEAST,
    seed: int = 0,
    progress: bool = True,
    **settings: Any,
) -> Sweep | SweepPlan:
    """Hide every position from every reader, in every layer and head, each alone, and answer all problems each time.

    A cell is one such condition. All cells and the baseline are answered together, so that what they compute alike is
    computed once; of the answers only labels and lengths stay in memory.

    Parameters
    ----------
    model : str, path, model, Engine or Lab
        As `ctlab.Lab` takes it; or a lab, whose model, problems and store are then used.
    problems : str, path or list of Problem, optional
        As `ctlab.Lab` takes them; ``tiny`` where they are left out. A lab has its own.
    positions, readers : str or list of str, optional
        What is hidden (``CT0`` …, ``begin``, ``end``, ``thoughts``, ``question``, ``question-control``) and from whom
        (``later``, ``thoughts``, ``answer``, ``CT1`` …, ``end``). ``all`` is every thought. Where they are left out all
        thoughts are hidden, and from all that comes later. Pairs that no edge joins have no cell.
    layers, heads : int, list of int or "all", optional
        Each alone; where they are left out, all of them at once. Heads are query heads.
    by : str, function or list of them, optional
        Features of the problems, such as ``n_operations``: outcomes hold each problem's level, to split effects by.
    plan : bool
        Return what it would take, without loading a weight; its ``run()`` runs it.
    store : path, optional
        Where answers are kept, under the keys of ordinary runs, so that a sweep that was stopped goes on where it was;
        nothing is kept where it is left out.
    share, seed : float, int
        Share of the cells (a proportion, at least 0.05) that are recomputed, and what they are drawn by.
    progress : bool
        Whether lines on standard error say how far it is.
    **settings
        Those of `ctlab.Lab`: ``limit``, ``dtype``, ``device``, ``batch_tokens``, ``max_new_tokens``, ``padding``,
        ``base``, ``settings``, ``features``, ``allow_pickle``.

    Returns
    -------
    Sweep or SweepPlan
        Outcomes of every cell with what certifies them; with ``plan``, what it would take.

    Raises
    ------
    InputError
        Naming the argument that is wrong, the rule and the next step.
    StatisticsError
        For a feature that the problems do not have.
    CertificateError
        Where a cell is not what its condition says; before anything is answered.
    """
    for name in settings:
        if name not in _SETTINGS:
            known = ("positions", "layers", "heads", "readers", "by", "plan", "store", "share", "seed", *_SETTINGS)
            near = nearest(name, known) or f"; it takes {', '.join(known)}"
            raise InputError(f"ctlab.sweep has no argument {name!r}{near}")
    for name, value in (("plan", plan), ("progress", progress)):
        if not isinstance(value, bool):
            raise InputError(f"{name} is True or False, not {shown(value)}")
    temporary = None
    if isinstance(model, Lab):
        _refuse_beside_a_lab({"problems": problems, "store": store, **settings})
        lab, keeps = model, True
    else:
        if store is None:
            # Nothing of it stays: forms and the model's digest are noted somewhere while it runs.
            temporary = tempfile.TemporaryDirectory(prefix="ctlab-sweep-")
        asked = "tiny" if problems is None else problems
        lab = Lab(model, asked, store=store or temporary.name, progress=progress, **settings)  # type: ignore[union-attr]
        keeps = store is not None
    planned = planned_sweep(
        lab._run,
        positions=positions,
        layers=layers,
        heads=heads,
        readers=readers,
        by=by,
        share=share,
        seed=seed,
        keeps=keeps,
        temporary=temporary,
    )
    return planned if plan else planned.run()


def planned_sweep(
    run: ClaimRun,
    *,
    positions: Named = None,
    layers: Numbered = None,
    heads: Numbered = None,
    readers: Named = None,
    by: Any = (),
    share: float = LEAST,
    seed: int = 0,
    keeps: bool = True,
    temporary: tempfile.TemporaryDirectory[str] | None = None,
) -> SweepPlan:
    """Return what a sweep of a run's model and problems would take; what it makes goes into the run's store.

    ``keeps`` says whether anything stays; ``temporary`` is the folder that goes with the plan where nothing does.
    """
    problems = run.lab.problems
    if run.settings.recorded:
        raise InputError("a sweep asks a model, and recorded answers have none; give a model")
    grid = read_grid(run.engine.card(), positions, layers, heads, readers)
    refuse_too_large(len(grid), len(problems))
    cells = {cell.name: cell.condition for cell in grid.cells}
    maker = RunMaker(run.settings, cells, run.engine, run.lab.log)
    maker.problems, maker.own = problems, run.lab.own
    sampled = sampled_cells(grid, share=share, seed=seed)
    job = SweepJob(grid, maker, sampled, keeps=keeps)
    job.temporary = temporary
    counted = None if job.shape is None else positions_of(grid, job.tiles, job.shape)
    missing = job.missing()
    width = 2 if maker.decoding.max_new_tokens < 1 << 15 else 4
    return SweepPlan(
        grid=grid,
        problems=len(problems),
        features=features_by(maker, by),
        recomputed=sampled,
        tiles=job.tiles,
        missing=missing,
        positions=counted,
        seconds=estimate(job, missing, counted),
        memory=(1 + len(grid)) * len(problems) * (1 + width),
        seed=seed,
        whole=whole_axes(run.engine.card(), grid),
        job=job,
    )


def certified_outcomes(run: ClaimRun, **axes: Any) -> SweepOutcomes:
    """Return the outcomes of a sweep for the claims of a run, whatever statistic they are judged by.

    Raises
    ------
    CertificateError
        Where the certificate failed, before the answers or in the rows that answered: the claim is VOID.
    """
    outcomes = planned_sweep(run, **axes).run().outcomes
    if outcomes.failure:
        raise CertificateError(f"the certificate of the sweep failed: {outcomes.failure}")
    return outcomes


def _refuse_beside_a_lab(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name} was given beside a lab, which has its own; leave it out, or hand over the model")
