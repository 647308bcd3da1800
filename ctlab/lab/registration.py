"""When a claim was registered, which commit shows it, and when its answers were first seen: the order of things."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ctlab.claims import Claim, Registry
from ctlab.claims.registered import Event, What
from ctlab.claims.registry_file import event_lines
from ctlab.errors import RegistryError
from ctlab.inputs import read_text
from ctlab.lab.answers_seen import AnswersSeen, Seen
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.commits import Commit, commits_of, is_before, why_no_history

_APART = timedelta(days=1)
"""How far a line's date may lie from its commit's unsaid: people commit what they did in a day's work."""
_NOT_COMMITTED = Commit(digest="", date="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of the order of a claim's registration and its answers."""

    words: str = ""
    """When it was registered, in which commit, and when its answers were first seen; empty where it was not."""
    unproven: str = ""
    """Why nothing proves that it was registered before its answers; empty where a commit does, or it was not."""
    late: str = ""
    """Why it is EXPLORATORY although its line says `registered`: its answers were there before; empty where not."""


class Registrations:
    """Tells the order of things for the claims of a run; git is asked once, when a claim is first looked at."""

    def __init__(self, claims: ClaimRun) -> None:
        self._claims = claims
        self._answers = AnswersSeen(claims)
        file = claims.registered.file
        self._no_history = why_no_history(file) if file.is_file() else ""
        self._commits = _commits_of_events(claims)
        self._before: dict[tuple[str, str], bool] = {}

    def of(self, claim: Claim) -> Order:
        """Return what is known of one claim's order."""
        registered = self._claims.registered
        entry = registered.standing(claim, self._claims.lab).registered
        if entry is None or entry.what != What.REGISTERED:
            return Order()
        commit = self._commits.get((claim.id, entry), _NOT_COMMITTED)
        seen = self._answers.of(claim)
        late = "" if self._no_history else self._late(commit, seen)
        return Order(
            words=self._words(entry, commit, seen),
            unproven=self._no_history or late or self._uncommitted(commit),
            late=late,
        )

    def _late(self, commit: Commit, seen: list[Seen]) -> str:
        """Say which answers were seen before the commit that registered a claim; empty for none, and before it is."""
        if not commit.digest:
            return ""
        known = [(each, self._commits.get(each.event) if each.event is not None else None) for each in seen]
        # This first: it is true whatever the clocks say, and a look may be noted a second before its verdict.
        for each, theirs in known:
            if theirs is not None and theirs.digest == commit.digest:
                with_it = "its verdict" if each.own else f"a verdict that tells of it ({each.said})"
                return f"registered together with {with_it}, {commit.words}"
        for each, theirs in known:
            earlier = theirs is not None and theirs.digest and self._is_before(theirs.digest, commit.digest)
            if earlier or each.date < commit.not_before:
                return (
                    f"answers that tell of it were seen {minute(each.date)}, before the commit that registered it: "
                    f"{each.said}"
                )
        return ""

    def _is_before(self, first: str, second: str) -> bool:
        if (first, second) not in self._before:
            self._before[first, second] = is_before(self._claims.registered.file, first, second)
        return self._before[first, second]

    def _uncommitted(self, commit: Commit) -> str:
        if commit.digest:
            return ""
        name = self._claims.registered.file.name
        return f"registered, not committed: order cannot be shown; commit {name} before the answers are made"

    def _words(self, entry: Event, commit: Commit, seen: list[Seen]) -> str:
        drawn = ""
        if self._claims.registered.registry.subjects[entry.subject].announced:
            drawn = ", before its problems were drawn"
        shown = self._no_history.partition(":")[0] or (
            commit.words if commit.digest else "registered, not committed: order cannot be shown"
        )
        first = f"first answers seen here {minute(seen[0].date)}" if seen else "no answers seen here yet"
        # A line can be written with any date; a commit that came after the answers proves nothing of what was before.
        late = ", before that commit" if seen and commit.digest and commit.not_before > seen[0].date else ""
        dates = "" if self._no_history else _dates(entry, commit)
        return f"registered {minute(entry.date)}{drawn} ({shown}{dates}); {first}{late}"


def _dates(entry: Event, commit: Commit) -> str:
    """Say where dates contradict one another; empty where they do not."""
    if not commit.digest:
        return ""
    said = []
    if commit.youngest:
        said.append(
            f"dates run backwards: it is dated {commit.date[:10]} and comes after a commit of {commit.youngest[:10]}"
        )
    if abs(datetime.fromisoformat(commit.date) - datetime.fromisoformat(entry.date)) > _APART:
        said.append(f"its line is dated {entry.day}, its commit {commit.date[:10]}")
    return "".join(f"; {each}" for each in said)


def minute(date: str) -> str:
    """Return a date for a sentence, to the minute."""
    return f"{date[:10]} {date[11:16]} UTC"


def _commits_of_events(claims: ClaimRun) -> Mapping[tuple[str, Event], Commit]:
    """Return the commit that brought each event of the registry, nothing without git's history."""
    file = claims.registered.file
    if not file.is_file() or not (lines := commits_of(file)):
        return {}
    # As the file is now: accepting has added lines to it since the run began.
    registry, found = Registry.load(file), {}
    for claim_id, version, place, number in event_lines(read_text(file, error=RegistryError)):
        if number in lines:
            found[claim_id, registry.versions(claim_id)[version].history[place]] = lines[number]
    return found
