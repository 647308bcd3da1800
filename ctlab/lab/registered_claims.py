"""The registry as this run sees it: families of claims, and how each claim stands to the answers at hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ctlab.claims import Claim, Family, Registered, Registry
from ctlab.claims.registered import ENTERED, Event
from ctlab.claims.standing import NOT_REGISTERED, Standing, standing, withdrawn_after_answers
from ctlab.errors import RegistryError
from ctlab.lab.experiment import Experiment
from ctlab.lab.registry_module import DEFAULT, find_module, load_families, why_no_module
from ctlab.records import Verdict
from ctlab.settings import Settings

NOT_AS_IT_IS = "not registered as it is"
"""Why a verdict is not accepted of a claim that was never entered, or was changed or withdrawn since."""


class RegisteredClaims:
    """Reads the module that the settings name, and the .toml file beside it."""

    def __init__(self, settings: Settings, root: Path, definitions: Callable[[], Mapping[str, str]] = dict) -> None:
        self._settings = settings
        self._root = root
        self._define = definitions
        self._standings: dict[str, Standing] = {}

    @cached_property
    def path(self) -> Path | None:
        """File of the registry's module, None where there is none."""
        return find_module(self._settings.registry, self._root)

    @property
    def folder(self) -> Path | None:
        """Folder of the suite, None where there is no registry."""
        return None if self.path is None else self.path.parent.resolve()

    @cached_property
    def absent(self) -> str:
        """Say that there is no registry's module, and what to write for there to be one; empty where there is one."""
        return why_no_module(self._settings.registry, self._root) if self.path is None else ""

    @property
    def named(self) -> bool:
        """Whether an ini option says that there is a registry; without one a suite may well have no claims."""
        return self._settings.registry != DEFAULT

    @cached_property
    def families(self) -> Mapping[str, Family]:
        """Registered families by name, with this run's α."""
        if self.path is None:
            return {}
        families = load_families(self._settings.registry, self.path)
        if self._settings.alpha is not None:
            families = [replace(family, alpha=self._settings.alpha) for family in families]
        if self._settings.study_alpha is not None:  # Bonferroni over families, as over the claims of each
            families = [replace(family, alpha=self._settings.study_alpha / len(families)) for family in families]
        return _by_name(families, self._settings.registry)

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """Every registered claim by id."""
        return {claim.id: claim for family in self.families.values() for claim in family.claims}

    @cached_property
    def definitions(self) -> Mapping[str, str]:
        """Digest of what each condition of the suite does, by name."""
        return self._define()

    @cached_property
    def file(self) -> Path:
        """Where what was registered and accepted is kept."""
        if self.path is None:
            raise RegistryError(self.absent)
        return self.path.with_suffix(".toml")

    @cached_property
    def registry(self) -> Registry:
        """What was registered and accepted so far."""
        return Registry() if self.path is None else Registry.load(self.file)

    @contextmanager
    def changing(self, say: Callable[[str], None]) -> Iterator[Registry]:
        """Yield the registry with what other runs put into it since this one read it; nobody else changes it inside."""
        with Registry.changing(self.file, say) as registry:
            self.registry = registry
            yield registry

    def read(self) -> None:
        """Read everything, so that what is wrong is said before any test runs."""
        _ = self.claims, self.registry

    def now(self, claim: Claim) -> Registered:
        """Return a claim as it would be registered now."""
        return Registered.of(claim, self.definitions)

    def standing(self, claim: Claim, experiment: Experiment) -> Standing:
        """Return how a claim stands to this model, these problems and this decoding."""
        if claim.id not in self._standings:
            self._standings[claim.id] = self._standing(claim, experiment)
        return self._standings[claim.id]

    def _standing(self, claim: Claim, experiment: Experiment) -> Standing:
        family = self.families[claim.family]
        # Of a stranger nothing is known, and the model need not be identified: that may mean reading all its weights.
        if not self.registry.versions(claim.id):
            return Standing(alpha=family.claim_alpha, deviation=NOT_REGISTERED)
        subject = experiment.subject_of(claim)
        return standing(
            claim,
            family,
            self.registry,
            subject,
            definitions=self.definitions,
            looks=experiment.looks_at(subject),
            source=experiment.source_digest,
        )

    def sizes_noted(self, claim: Claim, experiment: Experiment) -> set[int]:
        """On how many problems of these the history says that a claim was looked at: a store can be an older one."""
        subjects, mine = self.registry.subjects, experiment.subject_of(claim)
        return {
            n
            for _, event in self.registry.events(claim.id)
            if event.looks and mine.shares_answers_with(subjects[event.subject])
            for n in event.looks
        }

    def of_other_models(self, claim: Claim, experiment: Experiment) -> bool:
        """Whether a claim was registered for a model, and it was another one than this."""
        models = {
            self.registry.subjects[event.subject].model
            for _, event in self.registry.events(claim.id)
            if event.what in ENTERED
        }
        return bool(models) and models != {
            experiment.subject_of(claim).model
        }  # asked last: it may mean reading all weights

    def accepted(self, claim: Claim, experiment: Experiment) -> Event | None:
        """Return what was accepted of this claim, as it stands, on this model, these problems and this decoding."""
        # What was accepted of a claim that has been changed since was another claim's verdict.
        if not self.registry.versions(claim.id):
            return None
        return self.registry.accepted(claim.id, self.now(claim), experiment.subject_of(claim))

    def changed(self, claim: Claim, experiment: Experiment) -> str:
        """Say how a claim differs from the one whose verdict was accepted here; empty where it is that one, or new."""
        if not self.registry.versions(claim.id) or self.accepted(claim, experiment) is not None:
            return ""
        if (before := self.registry.accepted_otherwise(claim.id, experiment.subject_of(claim))) is None:
            return ""
        version, event = before
        return (
            f"no longer the claim that was accepted here as {event.verdict} on {event.day}: "
            f"{version.changes(self.now(claim))}; undo that, or enter it as it is now with --ctlab-register-late, then "
            f"--ctlab-accept"
        )

    def unacceptable(self, claim: Claim, experiment: Experiment) -> str:
        """Say why a verdict of this claim cannot be accepted; empty when it can."""
        if self.registry.version(claim.id, self.now(claim)) is None or self.registry.withdrawn(claim.id):
            return NOT_AS_IT_IS
        return self.standing(claim, experiment).barred

    def withdrawn(self, experiment: Experiment) -> list[str]:
        """Say which claims were withdrawn after their answers were seen, why, and with which verdict."""
        said = []
        for family in self.families.values():
            gone: dict[str, Verdict] = {}
            for subject in experiment.subjects_of(family.claims):
                gone |= withdrawn_after_answers(self.registry, family, subject, experiment.looks_at(subject))
            for claim_id, verdict in gone.items():
                event = self.registry.withdrawn(claim_id)
                day, reason = ("", "") if event is None else (event.day, event.reason)
                said.append(
                    f"{claim_id} was withdrawn on {day} ({reason}), its last verdict {verdict}; "
                    f"it keeps counting in the α of {family.name}"
                )
        return said

    def vanished(self) -> list[str]:
        """Ids of the claims that were registered, were not withdrawn and are in no family any more."""
        return [claim_id for claim_id in self.registry.standing() if claim_id not in self.claims]


def _by_name(families: Sequence[Family], module: str) -> dict[str, Family]:
    by_name: dict[str, Family] = {}
    family_of: dict[str, str] = {}
    for family in families:
        if family.name in by_name:
            raise RegistryError(f"{module} holds two families called {family.name!r}; rename one")
        by_name[family.name] = family
        for claim in family.claims:
            if (first := family_of.setdefault(claim.id, family.name)) != family.name:
                raise RegistryError(f"claim {claim.id!r} is in the families {first!r} and {family.name!r}; rename one")
    return by_name
