"""The registry as this run sees it: families of claims, each claim's α, its registered digest and accepted verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ctlab import formatting
from ctlab.claims import Claim, Family, Registry
from ctlab.errors import RegistryError
from ctlab.lab.experiment import Experiment
from ctlab.records import Verdict
from ctlab.settings import Settings


class RegisteredClaims:
    """Reads the module that the settings name, and the .toml file beside it."""

    def __init__(self, settings: Settings, root: Path, definitions: Callable[[], Mapping[str, str]] = dict) -> None:
        self._settings = settings
        self._root = root
        self._define = definitions

    @cached_property
    def path(self) -> Path | None:
        """File of the registry's module, None where there is none."""
        name = self._settings.registry
        try:
            spec = find_spec(name)
        except ModuleNotFoundError:
            spec = None
        if spec is not None and spec.origin is not None:
            return Path(spec.origin)
        file = self._root / Path(*name.split(".")).with_suffix(".py")
        return file if file.is_file() else None

    @property
    def folder(self) -> Path | None:
        """Folder of the suite, None where there is no registry."""
        return None if self.path is None else self.path.parent.resolve()

    @cached_property
    def families(self) -> Mapping[str, Family]:
        """Registered families by name, with this run's α."""
        if self.path is None:
            return {}
        name = self._settings.registry
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name not in (name, name.partition(".")[0]):
                raise
            raise RegistryError(
                f"{self.path} cannot be imported as {name}; add `pythonpath = .` to the ini file"
            ) from None
        families = getattr(module, "FAMILIES", None)
        if not isinstance(families, list | tuple) or not all(isinstance(family, Family) for family in families):
            raise RegistryError(f"{name} must hold FAMILIES, a tuple of ctlab.claims.Family; it has {families!r}")
        if self._settings.alpha is not None:
            families = [replace(family, alpha=self._settings.alpha) for family in families]
        return _by_name(families, name)

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """Every registered claim by id."""
        return {claim.id: claim for family in self.families.values() for claim in family.claims}

    @cached_property
    def definitions(self) -> Mapping[str, str]:
        """Digest of what each condition of the suite does, by name."""
        return self._define()

    def alpha(self, claim: Claim) -> float:
        """α of a claim: its family's, divided by the number of claims registered in it."""
        return self.families[claim.family].claim_alpha

    @cached_property
    def file(self) -> Path:
        """Where digests and accepted verdicts are kept."""
        if self.path is None:
            raise RegistryError(f"there is no module {self._settings.registry}; write one that holds FAMILIES")
        return self.path.with_suffix(".toml")

    @cached_property
    def registry(self) -> Registry:
        """What was registered and accepted so far."""
        return Registry() if self.path is None else Registry.load(self.file)

    def read(self) -> None:
        """Read everything, so that what is wrong is said before any test runs."""
        _ = self.claims, self.registry

    def deviation(self, claim: Claim) -> str:
        """Say how a claim differs from what was registered, empty when it does not."""
        return self.registry.deviation(claim, self.families[claim.family], self.definitions)

    def accepted(self, claim: Claim, experiment: Experiment) -> Verdict | None:
        """Return the verdict accepted for this claim, as it stands, on this model, these problems and this decoding."""
        # Without accepted verdicts the model need not be identified: its digest may mean reading all its weights.
        # What was accepted of a claim that has been changed since was another claim's verdict.
        if not self.registry.verdicts or self.deviation(claim):
            return None
        return self.registry.accepted(claim.id, experiment.subject)

    def accept(self, rows: Sequence[Mapping[str, Any]], experiment: Experiment) -> list[str]:
        """Accept the verdicts of a run and register its claims as they are; return what to say about it."""
        judged = {row["id"]: Verdict(row["verdict"]) for row in rows if row["status"] == "judged"}
        verdicts = {name: verdict for name, verdict in judged.items() if verdict != Verdict.VOID}
        self.registry.accept(self.families, verdicts, experiment.subject, self.definitions).save(self.file)
        changed = [f"{row['id']} was {row['accepted']}" for row in rows if _changes(row, verdicts)]
        lines = [
            f"accepted {formatting.counted(len(verdicts), 'verdict')} into {self.file.name}"
            + (f" ({', '.join(changed)})" if changed else "")
        ]
        # VOID concludes nothing, so there is nothing that a later run could be held to.
        void = [name for name, verdict in judged.items() if verdict == Verdict.VOID]
        return [*lines, f"not accepted, VOID never is: {', '.join(void)}"] if void else lines


def _changes(row: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> bool:
    return row["id"] in verdicts and row["accepted"] not in (None, verdicts[row["id"]])


def _by_name(families: "list[Family] | tuple[Family, ...]", module: str) -> dict[str, Family]:
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
