"""Which commit brought a line of a file: the committed history is what others can hold an order of things against."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_TIMEOUT_S = 10  # blaming a file of a thousand lines takes a tenth of a second
_UNCOMMITTED = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit that brought a line."""

    digest: str
    """Its hash; empty for a line that is not committed."""
    date: str
    """When it was committed, in UTC, ISO 8601 to the second; empty for a line that is not committed."""

    @property
    def words(self) -> str:
        """The commit for a sentence."""
        return f"in commit {self.digest[:10]} ({self.date[:10]})" if self.digest else "not committed yet"


def commits_of(path: Path) -> Mapping[int, Commit]:
    """Return the commit of each line (from 1) of a file; nothing where git, its history or part of that is missing."""
    if _git(path, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}  # where history is cut off, its first commit would be blamed for everything before
    return _read_blame(_git(path, "blame", "--porcelain", "--root", "--", path.name))


def last_commit_date(path: Path) -> str:
    """Return when a file was last committed, in UTC; empty where that is not known."""
    seconds = _git(path, "log", "-1", "--format=%ct", "--", path.name).strip()
    return _utc(seconds) if seconds else ""


def _read_blame(text: str) -> dict[int, Commit]:
    """Read git's porcelain form: a head a line of the file, and a commit's particulars where it is named first."""
    dates: dict[str, str] = {}
    lines: dict[int, str] = {}
    digest = ""
    for line in text.splitlines():
        if line.startswith("\t"):
            continue
        first, _, rest = line.partition(" ")
        if len(first) == 40:
            digest = first
            lines[int(rest.split()[1])] = digest
        elif first == "committer-time":
            dates[digest] = _utc(rest)
    return {
        number: Commit(digest="", date="") if digest == _UNCOMMITTED else Commit(digest=digest, date=dates[digest])
        for number, digest in lines.items()
    }


def _utc(seconds: str) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _git(path: Path, *arguments: str) -> str:
    """Return what git says in a file's folder; empty where it is not there or says no."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=path.parent, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
