"""Lines that the committed history of a registry holds and the file does not: a merge that took one side loses them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ctlab.claims.registered import What
from ctlab.claims.registry_file import event_lines
from ctlab.errors import RegistryError
from ctlab.inputs import read_text
from ctlab.lab.commits import Commit, versions_of

_REGISTERED = f'event = "{What.REGISTERED}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A claim's registration that is gone from the file."""

    commit: Commit
    """The latest commit whose file has it."""

    def words(self, file: Path) -> str:
        """Say where it is and how to bring it back."""
        return (
            f"registered in commit {self.commit.digest[:10]} ({self.commit.date[:10]}), and gone from {file.name}; "
            f"restore its lines from `git show {self.commit.digest[:10]}:./{file.name}`, and withdraw it where it "
            f"shall not stand"
        )


def lost_entries(file: Path) -> Mapping[str, Lost]:
    """Return the claims of which a registration is in the history and not in the file, by id."""
    if not file.is_file():
        return {}
    here = set(_registrations(read_text(file, error=RegistryError)))
    lost: dict[str, Lost] = {}
    for commit, text in versions_of(file):  # the latest first
        for claim_id, line in _registrations(text):
            if (claim_id, line) not in here:
                lost.setdefault(claim_id, Lost(commit=commit))
    return lost


def _registrations(text: str) -> list[tuple[str, str]]:
    """Return id and line of each registration, as it was written: lines are never rewritten."""
    lines = text.splitlines()
    found = ((claim_id, lines[number - 1].strip()) for claim_id, _, _, number in event_lines(text))
    return [(claim_id, line) for claim_id, line in found if _REGISTERED in line]
