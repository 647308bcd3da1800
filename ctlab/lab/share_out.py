"""What is missing, answered by workers: handed out in shards, waited for, and looked for in the store at the end."""

from collections.abc import Callable, Collection, Mapping, Sequence

from ctlab import formatting
from ctlab.errors import StoreError
from ctlab.interventions import Condition
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors import LastingEngine, SharingEngine
from ctlab.lab.executors.shards import MOST_TOGETHER, Job, shards_of
from ctlab.lab.experiment import Experiment
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.records import RunKey
from ctlab.records.provenance import here
from ctlab.store.shared_store import SharedStore

_LOCK = "sharing.lock"


def share_out(
    experiment: Experiment, names: Sequence[str], certify: Callable[[Sequence[str]], Collection[str]]
) -> None:
    """Have what is missing of conditions answered by the engine's workers, if it has any; nothing is missing then.

    ``certify`` makes the certificates that are not there, by a worker, and returns the names of conditions whose
    certificate failed: these are not answered.

    Raises
    ------
    StoreError
        Where every shard was answered, and answers are missing all the same.
    """
    engine, keys = experiment.engine, experiment.keys(names)
    store = SharedStore(experiment.settings.store, experiment.log.say)
    if not isinstance(engine, SharingEngine) or store.read_only or store.complete(keys, experiment.problems.ids):
        return
    # Two that hand out the same would have it answered twice; who waited finds it there.
    with store.one_of_them(keys, _LOCK, "having workers answer"):
        missing = store.mended(keys, experiment.problems.ids)
        conditions = {name: experiment.conditions[name] for name in missing}
        experiment.remember({condition.definition: condition for condition in conditions.values()})
        failed = () if isinstance(engine, LastingEngine) else certify(tuple(missing))
        missing = {name: ids for name, ids in missing.items() if name not in failed}
        if missing:
            timing = _answered(experiment, engine, store, keys, missing)
            experiment.answered = True
            experiment.store.derived.write_json(experiment.timing_key(), "", timing)
            _refuse_gaps(store, keys, missing, experiment.problems.ids)


def share_out_certified(
    experiment: Experiment, groups: Sequence[Sequence[str]], audited: Collection[str]
) -> Mapping[str, float]:
    """Have what is missing of many conditions answered by the engine's workers, which do not certify them.

    Looked through a group at a time, because what a store says of all of them at once is as much as their answers.

    Parameters
    ----------
    groups : sequence of sequences of str
        Names of conditions that who asks has certified, all or by a sample; as many at most are answered at once as
        are in the largest.
    audited : collection of str
        Those whose rows are audited as they answer.

    Returns
    -------
    mapping
        ``answers`` that were made and the ``seconds`` that they took; 0 where nothing was missing or the engine has no
        workers.

    Raises
    ------
    StoreError
        Where every shard was answered, and answers are missing all the same.
    """
    engine, missing = experiment.engine, dict[str, Sequence[str]]()
    store, ids = SharedStore(experiment.settings.store, experiment.log.say), experiment.problems.ids
    keys = experiment.keys([name for group in groups for name in group])
    if not isinstance(engine, SharingEngine) or store.read_only:
        return {"answers": 0, "seconds": 0.0}
    with store.one_of_them(keys, _LOCK, "having workers answer"):
        for group in groups:
            some = {name: keys[name] for name in group}
            if not store.complete(some, ids):
                missing |= store.mended(some, ids)
        if not missing:
            return {"answers": 0, "seconds": 0.0}
        timing = _answered(
            experiment, engine, store, keys, missing, together=max(map(len, groups)), audited=tuple(audited)
        )
        for group in groups:
            _refuse_gaps(store, keys, {name: missing[name] for name in group if name in missing}, ids)
    return timing


def queued_lines(experiment: Experiment, names: Sequence[str]) -> list[str]:
    """Say what of some conditions workers were asked for already, line by line."""
    engine = experiment.engine
    return engine.queued(experiment.keys(names)) if isinstance(engine, LastingEngine) else []


def _answered(
    experiment: Experiment,
    engine: SharingEngine,
    store: SharedStore,
    keys: Mapping[str, RunKey],
    missing: Mapping[str, Sequence[str]],
    *,
    together: int = MOST_TOGETHER,
    audited: tuple[str, ...] | None = None,
) -> Mapping[str, float]:
    """Have the shards of what is missing answered; return how many answers that were, and the seconds."""
    conditions: dict[str, Condition] = {name: experiment.conditions[name] for name in missing}
    problems = experiment.problems
    shards = shards_of(
        missing,
        problems.problems,
        conditions,
        workers=engine.workers(),
        padding=experiment.settings.padding,
        together=together,
    )
    total = sum(shard.answers for shard in shards)
    size = condition_times_problem(len(missing), max(map(len, missing.values())))
    progress = Progress(
        total, f"{size} in {formatting.counted(len(shards), 'shard')}, {engine.words()}", experiment.log
    )
    with store.marked(keys) as mark:
        job = Job(
            settings=experiment.settings,
            problems=problems,
            conditions=tuple(conditions.values()),
            keys={name: keys[name] for name in missing},
            source=certifier(),
            versions=here("").versions,
            mark=mark,
            audited=audited,
        )
        sizes = {shard.digest: shard.answers for shard in shards}
        try:
            for answered in engine.answer_elsewhere(job, shards):
                progress.advance(sizes[answered.shard])
        except KeyboardInterrupt:
            if isinstance(engine, LastingEngine) and (left := engine.leaves()):
                experiment.log.say(left)
            raise
    progress.finish()
    return {"answers": total, "seconds": progress.seconds}


def _refuse_gaps(
    store: SharedStore, keys: Mapping[str, RunKey], missing: Mapping[str, Sequence[str]], problem_ids: Sequence[str]
) -> None:
    left = store.missing({name: keys[name] for name in missing}, problem_ids)
    for name, absent in left.items():
        # Others may be missing for another reason, such as a shard that was set aside since.
        asked = set(missing[name])
        if not (lacking := [each for each in absent if each in asked]):
            continue
        raise StoreError(
            f"every shard was answered, and {store.root} lacks {len(lacking)} of {len(missing[name])} answers of "
            f"condition {name!r} (the first is of problem {lacking[0]}): somebody removed them, or workers write "
            f"elsewhere; give a folder that every machine has under the same path (--ctlab-store), and run again"
        )
