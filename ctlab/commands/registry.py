"""Bring a registry.toml of an earlier ctlab into the current form: `ctlab registry migrate` shows the diff.

The first form held digests alone, so that every claim in it was registered after its answers. The second one lacked
what conditions do in words, and the gold answers of the problems: these are added, and no line of a history changes.
"""

import argparse
import difflib
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ctlab import formatting
from ctlab.claims import Claim, Family, Registry, Subject
from ctlab.claims.registered import Event, Registered, What
from ctlab.claims.registry import utc_now
from ctlab.claims.registry_file import alone, is_of_the_first_form, read_toml
from ctlab.claims.subject import asked
from ctlab.commands.command import Command, Group
from ctlab.commands.pytest_ini import settings_here
from ctlab.errors import ProblemSetError, RegistryError
from ctlab.files import publish
from ctlab.inputs import read_text
from ctlab.interventions import Condition
from ctlab.lab.commits import last_commit_date
from ctlab.lab.registry_module import find_module, load_families
from ctlab.lab.suite_code import suites_code
from ctlab.problems import load_problems
from ctlab.records import Verdict
from ctlab.untrusted_text import visible

_MIGRATE = "write the file in the current form and show the diff"


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    migrate_parser = actions.add_parser(
        "migrate",
        help=_MIGRATE,
    )
    migrate_parser.set_defaults(parser=migrate_parser)
    REGISTRY.prepare_action(migrate_parser, "migrate", _MIGRATE)
    migrate_parser.add_argument(
        "--registry", metavar="MODULE", help="module with the claims (default: ctlab_registry of the ini file here)"
    )
    migrate_parser.add_argument(
        "--conditions",
        default="fixtures.conditions",
        metavar="MODULE",
        help="module with the hook that declares the suite's conditions (%(default)s)",
    )
    migrate_parser.add_argument("--dry-run", action="store_true", help="show the diff, write nothing")


def _run(options: argparse.Namespace) -> None:
    file, families = _suite(options.registry)
    before = read_text(file, error=RegistryError, absent="")
    with alone(file, print), TemporaryDirectory() as elsewhere:
        old = is_of_the_first_form(read_toml(file))
        registry = migrated(file, families) if old else completed(file)
        registry = registry.knowing(_conditions(options.conditions))
        target = Path(elsewhere) / file.name if options.dry_run else file
        if options.dry_run:
            publish(target, before.encode())  # comments at the head are kept from what is there
        registry.save(target)
        after = read_text(target, error=RegistryError)
    names = (f"a/{file.name}", f"b/{file.name}")
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    print("\n".join(map(_clipped, lines)))
    count = len(registry.claims) if old else len(registry.conditions)
    counted = formatting.counted(count, "claim" if old else "condition")
    what = f"{counted}, each {What.LATE}" if old else f"{counted} in words"
    print(f"{what}: {'not written' if options.dry_run else file}")


def completed(file: Path) -> Registry:
    """Return the registry of a current file with the texts and gold answers of problems that can be read here.

    What is not there, or is not what was registered, by its digest, stays as it is.
    """
    registry = Registry.load(file)
    if not registry.claims:
        raise RegistryError(f"{file} needs no migration: it is not there or is empty.")
    return replace(registry, subjects={name: _completed(subject) for name, subject in registry.subjects.items()})


def _completed(subject: Subject) -> Subject:
    if subject.announced or subject.golds:
        return subject
    try:
        problems = load_problems(subject.problems_name).limited(subject.n or None)
    except (ProblemSetError, ImportError):
        return subject
    return replace(subject, **asked(problems)) if problems.digest == subject.problems else subject


def _conditions(module: str) -> tuple[Condition, ...]:
    """Return the conditions that a suite declares for no model in particular."""
    advice = "give --conditions MODULE, such as bench"
    try:
        with suites_code(spared=(ModuleNotFoundError,)):
            found = import_module(module)
    except (ModuleNotFoundError, ValueError) as error:  # the latter of no name at all
        raise RegistryError(f"{module!r} cannot be imported here: {error}; {advice}") from None
    declared = getattr(found, "pytest_ctlab_conditions", None)
    if declared is None:
        raise RegistryError(f"{module} has no hook pytest_ctlab_conditions; {advice}")
    with suites_code():
        return tuple(declared(card={}))


def migrated(file: Path, families: Mapping[str, Family]) -> Registry:
    """Return the current registry of an old file: every claim was registered with its verdict, after its answers.

    The old form holds digests, so what was claimed is taken from the code; RegistryError where that has changed since.
    """
    rows = read_toml(file)
    if not is_of_the_first_form(rows):
        raise RegistryError(f"{file} is not of the first form.")
    known = {claim.id: claim for family in families.values() for claim in family.claims}
    old: Mapping[str, Any] = rows.get("claims", {})
    changed = [claim_id for claim_id, row in old.items() if not _is_as_registered(known.get(claim_id), row)]
    if changed:
        raise RegistryError(
            f"{file} has digests alone, and what they stand for is gone from the code: {', '.join(changed)} changed "
            f"since; migrate at a commit at which these claims are as they were registered, and go on from there."
        )
    subjects = [(_subject(row), row["verdicts"]) for row in rows.get("accepted", [])]
    accepted_on = last_commit_date(file) or utc_now()
    claims = {
        claim_id: (_version(known[claim_id], row, subjects, accepted_on, utc_now()),) for claim_id, row in old.items()
    }
    return Registry(claims=claims, subjects={subject.name: subject for subject, _ in subjects})


def _version(
    claim: Claim, row: Mapping[str, Any], subjects: list[tuple[Subject, Mapping[str, str]]], accepted_on: str, now: str
) -> Registered:
    form = {name: value for name, value in Registered.of(claim).form.items() if name in row["parts"]}
    history = []
    for subject, verdicts in subjects:
        if claim.id in verdicts:
            family = (row["family"], row["family_size"], row["family_alpha"])
            history += list(_events(subject.name, Verdict(verdicts[claim.id]), family, accepted_on, now))
    return Registered(form=form, does=row.get("conditions", {}), history=tuple(history))


def _events(
    subject: str, verdict: Verdict, family: tuple[str, int, float], accepted_on: str, now: str
) -> Iterator[Event]:
    name, size, alpha = family
    # Accepting registered the claim then: at the latest when the file was last committed.
    yield Event(date=accepted_on, what=What.ACCEPTED, subject=subject, verdict=verdict)
    yield Event(date=now, what=What.LATE, subject=subject, family=name, family_size=size, family_alpha=alpha)


def _is_as_registered(claim: Claim | None, row: Mapping[str, Any]) -> bool:
    """Whether a claim in the code has the digests, part by part, that an old file holds."""
    if claim is None or "parts" not in row:
        return False
    form = claim.to_json()
    return all(_part(form.get(name)) == digest for name, digest in row["parts"].items())


def _part(value: Any) -> str:
    """Return what an old file holds of one field of a claim."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:8]


def _subject(row: Mapping[str, Any]) -> Subject:
    """Return the subject of an old block; what ships with ctlab is recognised, else digests stand for names."""
    names = ("model", "problems", "padding", "dtype", "max_new_tokens")
    problems = load_problems("tiny")
    there = problems.digest == row["problems"]
    return Subject(
        **{name: row[name] for name in names},
        model_name=_model_name(row["model"]),
        problems_name=problems.name if there else "",
        n=len(problems) if there else 0,
        **(asked(problems) if there else {}),
    )


def _model_name(digest: str) -> str:
    from ctlab.models import model_digest
    from ctlab.models.checkpoints.checkpoint_files import EMBEDDED

    return next((name for name in EMBEDDED if model_digest(name) == digest), "")


def _suite(typed: str | None) -> tuple[Path, Mapping[str, Family]]:
    """Return the registry file beside a module of claims, typed or the one that pytest would use, and its families."""
    here = Path.cwd()
    settings, root = settings_here(here, store=None)
    module = settings.registry if typed is None else typed
    sys.path[:0] = dict.fromkeys([str(here), str(root)])
    path = find_module(module, root)
    if path is None:
        raise RegistryError(f"there is no module {module!r} in {root} or on sys.path; give --registry MODULE")
    return path.with_suffix(".toml"), {family.name: family for family in load_families(module, path)}


def _clipped(line: str) -> str:
    """Return a line of the diff, fit for a terminal: the ids of a problem set take ten thousand letters."""
    return visible(line if len(line) <= 300 else f"{line[:280]} … {len(line) - 280:,} more letters")


REGISTRY = Command(
    name="registry",
    group=Group.KEEP,
    help="bring a registry.toml of an earlier ctlab into the current form",
    examples=(
        "ctlab registry migrate --dry-run",
        "ctlab registry migrate --registry claims.registry --conditions bench",
    ),
    arguments=_arguments,
    run=_run,
)
