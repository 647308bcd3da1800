"""The registry: what was claimed before the data, and which verdicts have been accepted so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ctlab.claims.claim import Claim, Family
from ctlab.claims.registered import Registered, Subject
from ctlab.claims.registry_file import read, write
from ctlab.errors import RegistryError
from ctlab.records.judgement import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Registered claims and accepted verdicts; accepting gives a new one."""

    claims: Mapping[str, Registered] = field(default_factory=dict)
    """Registered claims by id."""
    verdicts: Mapping[Subject, Mapping[str, Verdict]] = field(default_factory=dict)
    """Accepted verdicts by subject and claim id."""

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Read a registry; a file that is not there is an empty one."""
        claims, verdicts = read(path)
        return cls(claims=claims, verdicts=verdicts)

    def deviation(self, claim: Claim, family: Family, definitions: Mapping[str, str] | None = None) -> str:
        """Say how a claim differs from what was registered; empty when it does not.

        ``definitions`` are digests of what each condition does, by name: a claim that names one means it.
        """
        registered = self.claims.get(claim.id)
        if registered is None:
            return "not registered"
        now = Registered.of(claim, family, definitions)
        if now.digest == registered.digest:
            return _changed_conditions(registered, now)
        if registered.family != now.family:
            return f"registered in family {registered.family!r}, now in {now.family!r}"
        if registered.family_size != now.family_size:
            return f"its family had {registered.family_size} claims when it was registered and has {now.family_size}"
        if registered.family_alpha != now.family_alpha:
            return f"its family's α was {registered.family_alpha:g} when it was registered and is {now.family_alpha:g}"
        if registered.statement != now.statement:
            return f"its statement was {registered.statement!r} when it was registered"
        names = [name for name, digest in now.parts.items() if registered.parts.get(name, digest) != digest]
        what = f"its {' and '.join(names)} changed" if names else "changed"
        return f"{what} since it was registered (digest {registered.digest}, now {now.digest})"

    def accepted(self, claim_id: str, subject: Subject) -> Verdict | None:
        """Return the verdict accepted for a claim on this subject, None where there is none."""
        return self.verdicts.get(subject, {}).get(claim_id)

    def knows(self, subject: Subject) -> bool:
        """Return whether any verdict has been accepted for this subject."""
        return subject in self.verdicts

    def accept(
        self,
        families: Mapping[str, Family],
        verdicts: Mapping[str, Verdict],
        subject: Subject,
        definitions: Mapping[str, str] | None = None,
    ) -> "Registry":
        """Return a registry in which these verdicts are accepted and their claims registered as they are now.

        Claims that are no longer in any family are dropped; those that were not judged keep what they had.
        """
        by_id = {claim.id: (claim, family) for family in families.values() for claim in family.claims}
        for claim_id, verdict in verdicts.items():
            if claim_id not in by_id:
                raise RegistryError(
                    f"Claim {claim_id!r} is in no registered family; add it before accepting its verdict."
                )
            if verdict == Verdict.VOID:
                raise RegistryError(
                    f"Claim {claim_id!r} is VOID, which is never acceptable; mend what its reason names and run again."
                )
        kept = {claim_id: row for claim_id, row in self.claims.items() if claim_id in by_id}
        kept.update((claim_id, Registered.of(*by_id[claim_id], definitions)) for claim_id in verdicts)
        mine = {**self.verdicts.get(subject, {}), **verdicts}
        mine = {claim_id: verdict for claim_id, verdict in mine.items() if claim_id in by_id}
        return Registry(claims=kept, verdicts={**self.verdicts, subject: mine})

    def save(self, path: Path) -> None:
        """Write the registry, by rename, sorted, so that a diff shows what changed and nothing else."""
        write(path, self.claims, self.verdicts)


def _changed_conditions(registered: Registered, now: Registered) -> str:
    """Name the conditions that do something else than when the claim was registered; empty when none does."""
    names = [name for name, digest in registered.conditions.items() if now.conditions.get(name, digest) != digest]
    if not names:
        return ""
    return f"what {' and '.join(names)} does changed since it was registered"
