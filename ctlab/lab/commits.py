"""Which commit brought a line of a file: the committed history is what others can hold an order of things against."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

_TIMEOUT_S = 10  # blaming a file of a thousand lines takes a tenth of a second
_UNCOMMITTED = "0" * 40
_CLOCKS_S = 600  # clocks of machines that commit to one history differ by seconds, rarely by minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit that brought a line."""

    digest: str
    """Its hash; empty for a line that is not committed."""
    date: str
    """When it was committed, in UTC, ISO 8601 to the second; empty for a line that is not committed."""
    youngest: str = ""
    """Date of the youngest commit before it, where that is later than its own: one of the two was set by hand."""

    @property
    def words(self) -> str:
        """The commit for a sentence."""
        return f"in commit {self.digest[:10]} ({self.date[:10]})" if self.digest else "not committed yet"

    @property
    def not_before(self) -> str:
        """When it was made at the earliest: a commit comes after all that it builds on, whatever its date says."""
        return max(self.date, self.youngest)


def commits_of(path: Path) -> Mapping[int, Commit]:
    """Return the commit of each line (from 1) of a file; nothing where git, its history or part of that is missing."""
    if why_no_history(path):
        return {}
    lines = _read_blame(_git(path, "blame", "--no-textconv", "--porcelain", "--root", "--", path.name))
    youngest = _youngest_before(path) if lines else {}
    return {
        number: replace(commit, youngest=youngest.get(commit.digest, "")) if commit.digest else commit
        for number, commit in lines.items()
    }


def why_no_history(path: Path) -> str:
    """Say why no committed history shows anything of a file; empty where one is there, and whole."""
    shallow = _git(path, "rev-parse", "--is-shallow-repository").strip()
    if shallow == "true":  # its first commit would be blamed for everything before
        return "the history is cut off (shallow clone): git fetch --unshallow, or fetch-depth 0 in CI, brings the rest"
    if shallow != "false":
        return "no history is at hand: what was published is had, with its commits, by git clone"
    return ""


def is_before(path: Path, first: str, second: str) -> bool:
    """Whether one commit is the other or one that this builds on; by ancestry, not by dates."""
    return _ran(path, "merge-base", "--is-ancestor", first, second)


def versions_of(path: Path) -> Iterator[tuple[Commit, str]]:
    """Yield each committed state of a file with its commit, the latest first; merges and their sides included."""
    if why_no_history(path):
        return
    log = _git(path, "log", "--full-history", "--format=%H %ct", "HEAD", "--", path.name)
    commits = [line.split() for line in log.splitlines()]
    names = "".join(f"{digest}:./{path.name}\n" for digest, _ in commits)
    contents = _read_batch(_git(path, "cat-file", "--batch", given=names))
    for (digest, seconds), text in zip(commits, contents, strict=False):
        yield Commit(digest=digest, date=_utc(seconds)), text


def _read_batch(text: str) -> Iterator[str]:
    """Read git's answers, a head with a size and as many bytes each; what is missing there is empty."""
    content, at = text.encode("utf-8", "surrogateescape"), 0
    while at < len(content):
        end = content.index(b"\n", at)
        head = content[at:end].decode().split()
        size = int(head[2]) if len(head) == 3 and head[1] == "blob" else None
        at = end + 1 if size is None else end + 1 + size + 1
        yield "" if size is None else content[end + 1 : end + 1 + size].decode("utf-8", "replace")


def current_commit(folder: Path) -> str:
    """Return the commit of a folder, with a + where files that git knows differ from it; empty without git."""
    inside = folder / "any"  # git is asked in the folder of a file
    digest = _git(inside, "rev-parse", "HEAD").strip()
    changed = digest and _git(inside, "status", "--porcelain", "--untracked-files=no").strip()
    return f"{digest}+" if changed else digest


def last_commit_date(path: Path) -> str:
    """Return when a file was last committed, in UTC; empty where that is not known."""
    seconds = _git(path, "log", "-1", "--format=%ct", "--", path.name).strip()
    return _utc(seconds) if seconds else ""


def _youngest_before(path: Path) -> dict[str, str]:
    """Return the date of the youngest commit before each, of those where dates run backwards."""
    youngest: dict[str, int] = {}
    backwards: dict[str, str] = {}
    for line in _git(path, "log", "--reverse", "--topo-order", "--format=%H %ct %P").splitlines():
        digest, seconds, *parents = line.split()
        before = max((youngest[parent] for parent in parents if parent in youngest), default=0)
        youngest[digest] = max(before, int(seconds))
        if before > int(seconds) + _CLOCKS_S:
            backwards[digest] = _utc(str(before))
    return backwards


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


def _git(path: Path, *arguments: str, given: str = "") -> str:
    """Return what git says in a file's folder; empty where it is not there or says no."""
    done = _call(path, *arguments, given=given)
    return done.stdout if done is not None and done.returncode == 0 else ""


def _ran(path: Path, *arguments: str) -> bool:
    """Whether git says yes."""
    done = _call(path, *arguments)
    return done is not None and done.returncode == 0


def _call(path: Path, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str] | None":
    # The file's own repository, whatever the caller's variables point to; and nothing that its settings would run.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments],
            cwd=path.parent,
            env=environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
