"""The lab of a notebook: a model, problems and a store; runs, measurements and judgements, each made once."""

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ctlab import formatting
from ctlab.claims import Claim, Family
from ctlab.errors import CertificateError, ClaimError, InputError
from ctlab.inputs import shown
from ctlab.interventions import Condition
from ctlab.lab.answered_claim import measured_effect
from ctlab.lab.given_model import engine_of, named_model, named_models
from ctlab.lab.lab_block import lab_block
from ctlab.lab.log import ConsoleLog, Log
from ctlab.lab.named_in_notebook import condition_name, named_claim
from ctlab.lab.notebook_run import NotebookDeclarations, NotebookRun, SilentLog
from ctlab.lab.notebook_settings import notebook_settings, recorded_files
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.problem_flags import audit_words
from ctlab.lab.seen_verdicts import note_looks
from ctlab.lab.void_judgement import void_judgement
from ctlab.problems import load_problems
from ctlab.records import Effect, Judgement, Measurement
from ctlab.records.own_functions import Function

if TYPE_CHECKING:
    from ctlab.outcomes import Run, RunSet
    from ctlab.problems.answer_texts import Texts
    from ctlab.records.scores import Scores

Measured = Effect | Callable[[PendingClaim], Effect]
"""What a claim is judged by: an effect, or a function of the claim that computes it at the claim's side and level."""


class Lab:
    """A model and problems, and everything that was asked of them; what was made once is read from the store.

    Parameters
    ----------
    model : str, path, model or Engine
        An id (``tiny``, one on the hub), a folder, what `ctlab.load_model` returned, or an engine of your own. Left out
        where answers are recorded.
    problems : str, path or list of Problem
        An id (``tiny``, ``gsm8k``), a file, or your own.
    models : dict, optional
        Other models by the name that conditions call them (docs/two_models.md), each as ``model``.
    conditions : optional
        Conditions that can be asked for by name: a list of `ctlab.Condition` or of their JSON forms, a table
        ``{"ct0_from_ct2": [{"keys": ["CT0"], "readers": ["CT2"]}]}``, or a function of the model's card that returns
        some, such as a suite's ``pytest_ctlab_conditions``. The usual ones are known without it: ``baseline``,
        ``ct0_blocked``, ``ct0_from_answer``, ``ct0_from_thoughts`` … for each thought, ``thoughts_blocked``, ``no_op``,
        ``question_control_later``, ``…_answer``, ``…_thoughts`` (`ctlab.interventions.usual_conditions`); ``after_0``,
        ``after_1`` … answer after so many thoughts (`ctlab.interventions.early_answers`).
    recorded : dict, optional
        Files of recorded answers by condition (docs/results.md), in place of a model: nothing is generated, nothing is
        certified, and claims are judged as by pytest's ``--ctlab-recorded``.
    store : path
        Folder of the answers, shared with pytest and with every other process; by default where pytest has its own.
    registry : str, optional
        Module of a suite's registered claims, such as ``hypotheses.registry``; without one every claim explores.
    limit : int, optional
        The first so many problems.
    outcomes, features : dict, optional
        Outcomes and features of your own by name (docs/adding/outcome.md).
    progress : bool
        Whether lines on standard error say how far it is.
    settings : dict, optional
        Keys of the model's settings, such as ``{"num_latent": 4}``, over what is known of it (docs/checkpoints.md).
    base, device, dtype, batch_tokens, padding, max_new_tokens, allow_pickle : optional
        As pytest's options of these names (docs/options.md).
    executor, ray_address, ray_cpus, slurm : optional
        Likewise; ``slurm`` is a table, such as ``{"partition": "gpu"}`` (docs/executors.md).

    Raises
    ------
    InputError
        Naming the argument that is wrong, the rule and the next step.
    """

    def __init__(
        self,
        model: Any = "tiny",
        problems: Any = "tiny",
        *,
        models: Mapping[str, Any] | None = None,
        conditions: Any = (),
        recorded: Mapping[str, str | os.PathLike[str]] | None = None,
        store: str | os.PathLike[str] | None = None,
        registry: str | None = None,
        limit: int | None = None,
        outcomes: Mapping[str, Function] | None = None,
        features: Mapping[str, Function] | None = None,
        progress: bool = True,
        settings: Mapping[str, Any] | None = None,
        base: str | os.PathLike[str] | None = None,
        device: str | None = None,
        dtype: str | None = None,
        batch_tokens: int | None = None,
        padding: str | None = None,
        max_new_tokens: int | None = None,
        allow_pickle: bool = False,
        executor: str | None = None,
        ray_address: str | None = None,
        ray_cpus: int | None = None,
        slurm: Mapping[str, Any] | None = None,
    ) -> None:
        # Of tqdm, which transformers imports: a notebook without widgets gets plain lines, which is what we write too.
        warnings.filterwarnings("ignore", message="IProgress not found")
        name, own = named_model(model, device=device, dtype=dtype, settings=settings)
        others, held = named_models(models or {})
        chosen = notebook_settings(
            model=[name, *others],
            limit=limit,
            store=store,
            base=base,
            padding=padding,
            batch_tokens=batch_tokens,
            max_new_tokens=max_new_tokens,
            allow_pickle=allow_pickle or None,
            executor=executor,
            ray_address=ray_address,
            ray_cpus=ray_cpus,
            slurm=slurm,
            problems=problems if isinstance(problems, str | os.PathLike) else None,
            recorded=recorded_files(recorded, model),
            **own,
        )
        if not isinstance(registry, str | None):
            raise InputError(f"registry is the name of a module, such as 'claims.registry', not {shown(registry)}")
        chosen = replace(chosen, registry=registry or "")
        asked = load_problems(problems).limited(chosen.limit)
        declared = NotebookDeclarations(conditions, partial(engine_of, model), outcomes or {}, features or {}, held)
        log: Log = ConsoleLog() if progress else SilentLog()
        self._run = NotebookRun(chosen, Path.cwd(), declared, log)
        self._run.lab.problems = asked  # the caller's own may have no name by which they could be read again
        if registry is not None and self._run.registered.path is None:
            raise InputError(
                f"registry: there is no module {registry!r}, seen from {Path.cwd()}; name one that is there"
            )
        self._run.check()
        self._judged: dict[tuple[Claim, float], tuple[Effect | None, Judgement]] = {}

    @property
    def problems(self) -> Any:
        """The problems, as a `ctlab.problems.ProblemSet`."""
        return self._run.lab.problems

    @property
    def conditions(self) -> dict[str, Condition]:
        """Every condition that can be asked for by its name."""
        return dict(self._run.lab.conditions)

    @property
    def runs(self) -> "RunSet":
        """Every run that was asked for so far."""
        from ctlab.outcomes import RunSet

        return RunSet(self._run.lab.made.values())

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every judgement so far."""
        return tuple(judgement for _, judgement in self._judged.values())

    @overload
    def run(self, which: "str | Condition | Mapping[str, Any]", /) -> "Run": ...
    @overload
    def run(self, which: "list[Any] | tuple[Any, ...]", /, *more: Any) -> "RunSet": ...
    @overload
    def run(self, which: Any, other: Any, /, *more: Any) -> "RunSet": ...
    def run(self, which: Any, /, *more: Any) -> "Run | RunSet":
        """Return the run of a condition, by its name, as a `ctlab.Condition` or in its JSON form.

        Of several conditions, or a list of them, the runs by name: what is missing is made in one pass. Nothing is made
        twice, in this process or in another one with the same store.
        """
        from ctlab.outcomes import RunSet

        several = isinstance(which, list | tuple)
        names = [self._name(each) for each in (*(which if several else [which]), *more)]
        self._run.plan(names)
        runs = [self._run.lab.run(name) for name in names]
        return RunSet(runs) if several or more else runs[0]

    def measure(self, which: Any) -> Measurement:
        """Return what was measured of a condition: attention, hidden states, what each thought decodes to."""
        if self._run.settings.recorded:
            raise InputError("recorded answers have no attention and no hidden states; measure with a model")
        return self._run.lab.probes.measurement(self._name(which))

    def score(
        self, which: Any, answers: "Texts" = "gold", *, form: str = "{}", at: "str | Sequence[str]" = "answer"
    ) -> "Scores":
        """Return how probable given answers are under a condition: `ctlab.score`, proven and kept."""
        return self._run.lab.probes.scores.scores(self._name(which), answers, form=form, at=at)

    @overload
    def judge(self, claim: Claim | str, effect: Measured | None = None) -> Judgement: ...
    @overload
    def judge(self, claim: Family) -> tuple[Judgement, ...]: ...
    def judge(self, claim: Claim | str | Family, effect: Measured | None = None) -> Judgement | tuple[Judgement, ...]:
        """Judge a claim as pytest does: with its controls, their certificates, and the α that is due to it.

        Parameters
        ----------
        claim : Claim, str or Family
            A claim, the id of a registered one, or claims that share an α. One that is not registered is judged as a
            family of its own and flagged: it explores.
        effect : Effect or callable, optional
            What was measured, where the claim's kind does not say: of a claim about attention or hidden states. A
            function is given the claim, with its α.

        Returns
        -------
        Judgement
            VOID where a certificate or control contradicts what it must show. The same claim asked again gives the
            same judgement.
        """
        if isinstance(claim, Family):
            if effect is not None:
                raise ClaimError("an effect belongs to one claim; judge the claims of a family one by one")
            self._run.families = {**self._run.families, claim.name: claim}
            self._run.make(self._run.needed([self._pending(self._claim(each)).claim for each in claim.claims]))
            return tuple(self.judge(each) for each in claim.claims)
        pending = self._pending(self._claim(claim))
        asked = pending.claim, pending.alpha
        if effect is None and asked in self._judged:
            return self._judged[asked][1]
        try:
            measured = self._measured(pending, effect)
            if asked not in self._judged:
                self._judged[asked] = measured, self._noted(self._concluded(pending, measured), pending)
        except CertificateError as error:
            measured = None
            self._judged[asked] = None, self._noted(void_judgement(pending, len(self.problems), str(error)), pending)
        before, judgement = self._judged[asked]
        if before != measured:
            # A second look at the data would be a second chance, which α does not count.
            raise ClaimError(f"claim {pending.claim.id!r} was judged by another effect; a claim is judged once")
        return judgement

    def _pending(self, claim: Claim) -> PendingClaim:
        """Return a claim with its α, after looking whether it can be judged here at all."""
        for name in claim.all_conditions:
            self._name(name)
        if why := self._run.trouble(claim) or self._run.obstacle(claim):
            raise ClaimError(f"claim {claim.id!r} cannot be judged here: {why}")
        return self._run.pending(claim)

    def _measured(self, pending: PendingClaim, effect: Measured | None) -> Effect | None:
        """Return what a claim is judged by, after making all that it needs in one pass."""
        self._run.plan(self._run.needed([pending.claim]))
        if effect is None:
            return measured_effect(pending)
        return effect(pending) if callable(effect) else effect

    def _concluded(self, pending: PendingClaim, measured: Any) -> Judgement:
        if not isinstance(measured, Effect):
            name, given = pending.claim.id, type(measured).__name__
            raise ClaimError(f"claim {name!r} is judged by an Effect, which statistics return, not by {given}")
        pending.judge(measured)
        assert pending.judgement is not None
        return pending.judgement

    def _noted(self, judgement: Judgement, pending: PendingClaim) -> Judgement:
        """Note the look in the store, and say in a flag where the claim explores."""
        claim = pending.claim
        note_looks(self._run, [{"id": claim.id, "status": "judged", "verdict": judgement.verdict}], {claim.id: claim})
        why = self._run.exploratory(claim)
        return replace(judgement, flags=(*judgement.flags, f"exploratory: {why}")) if why else judgement

    def _claim(self, given: Any) -> Claim:
        return named_claim(given, self._run.registered.claims)

    def _name(self, given: Any) -> str:
        return condition_name(given, self._run)

    @cached_property
    def _title(self) -> str:
        maker = self._run.lab
        digest = "" if self._run.settings.recorded else f" ({maker.engine.digest[:8]})"
        model = f"{maker.subject.model_name or 'model'}{digest}"
        return f"{model}, {formatting.counted(len(self.problems), 'problem')} of {self.problems.name}"

    def __repr__(self) -> str:
        made = ", ".join(self.runs) or "no runs yet"
        return f"<Lab: {self._title}; {made}; {formatting.counted(len(self._judged), 'judgement')}>"

    def _repr_html_(self) -> str:
        """Show the lab in a notebook: who answers what, which conditions there are, what was judged."""
        found = audit_words(self._run.lab)
        return lab_block(self._title, self._run.settings, [*self.conditions], [*self.runs], self.judgements, found)
