"""What whoever tends a store must know that the store does not: today's code, what registries name, and names."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ctlab.claims import Registry, Subject
from ctlab.errors import InputError
from ctlab.lab.answer_sources import certifier
from ctlab.lab.learned_probes import learner
from ctlab.outcomes import CLASSIFIER_VERSION
from ctlab.records import Decoding
from ctlab.records.generation import DTYPES, PADDINGS
from ctlab.records.measurement import VERSION
from ctlab.source_digest import source_digest
from ctlab.store.names import Known, KnownProblems
from ctlab.store.removal import Protected


def codes_of_today() -> Mapping[str, str]:
    """Code that makes each kind of derived value today, by kind; a value of another code is one that no run reads.

    What runs write is held to this table by a test, so that a kind that changes its key cannot be forgotten here.
    """
    return {
        "answered-again": "1",
        "certificate": certifier(),
        "chance": source_digest("ctlab.outcomes.chance"),
        "forms": source_digest("ctlab.lab.answer_forms", "ctlab.outcomes.taxonomy"),
        "learned-probe": learner(),
        "measurement": VERSION,
        "outcomes": CLASSIFIER_VERSION,
        "probe-certificate": source_digest("ctlab.certify.probes"),
        "score-certificate": source_digest("ctlab.certify.certified_scores"),
        "scores": source_digest("ctlab.probes.scored_answers"),
        "sweep-certificate": certifier(),
        "timing": "1",
    }


def read_registries(files: Iterable[Path]) -> tuple[Registry, ...]:
    """Read registry files; one that is named and not there is refused, because it protects answers."""
    registries = []
    for file in files:
        if not file.is_file():
            raise InputError(
                f"there is no registry {file}; it protects the answers that it names, so give the right file"
            )
        registry = Registry.load(file)
        if not registry.subjects:
            raise InputError(f"the registry {file} names no answers, so that it protects none; give the right file")
        registries.append(registry)
    return tuple(registries)


def protected_by(registries: Iterable[Registry]) -> tuple[Protected, ...]:
    """Answers that the history of any registry names: model and problems of each of its subjects.

    A subject that was announced before its problems were drawn has none; where another subject of the same announcement
    has, it is that one, and else every answer of its model is protected.
    """
    found = []
    for registry in registries:
        subjects = list(registry.subjects.values())
        drawn = {(subject.model, subject.announcement) for subject in subjects if subject.ids}
        for subject in subjects:
            if subject.ids or not subject.announcement or (subject.model, subject.announcement) not in drawn:
                ids = frozenset(subject.ids) or None
                found += [
                    Protected(model=model, problems=subject.problems, ids=ids) for model in sorted(subject.models)
                ]
    return tuple(found)


def known_by(registries: Iterable[Registry]) -> Known:
    """Names of models, problem sets and settings: of what ships with ctlab, and of what registries name."""
    subjects = [subject for registry in registries for subject in registry.subjects.values()]
    problems = [
        KnownProblems(digest=subject.problems, name=subject.problems_name, ids=subject.ids)
        for subject in subjects
        if subject.ids
    ]
    return Known(
        models=_embedded() | {subject.model: subject.model_name for subject in subjects if subject.model_name},
        problems=problems,
        decodings=dict(
            _decoding(subject) for subject in subjects if subject.padding in PADDINGS and subject.dtype in DTYPES
        ),
    )


def _embedded() -> dict[str, str]:
    """Name the models that ship with ctlab."""
    from ctlab.models import model_digest
    from ctlab.models.checkpoints.checkpoint_files import EMBEDDED

    return {model_digest(name): name for name in EMBEDDED}


def _decoding(subject: Subject) -> tuple[str, Mapping[str, Any]]:
    """Digest and settings of how a subject was decoded; as published, what else was in its batches is not known."""
    settings = {"padding": subject.padding, "dtype": subject.dtype, "max_new_tokens": subject.max_new_tokens}
    return Decoding.from_json(settings).digest, settings
