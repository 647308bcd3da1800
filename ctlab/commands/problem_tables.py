"""What `ctlab problems` prints: a set in one line, what is wrong with it, and small pictures of what it holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ctlab import formatting
from ctlab.file_options import path_and_options
from ctlab.problems.audit.finding import Finding, Instance
from ctlab.problems.audit.set_audit import SetAudit
from ctlab.untrusted_text import in_line

_EXAMPLES = 3  # rows of a finding that are shown; duplicates are all shown, because each has to be seen to
_WIDTH = 110  # characters of a row's text: with its place, a line of a wide terminal
_BAR = 30  # characters of the longest bar
_MOST_BARS = 20  # GSM8K has solutions of 0 to 15 operations, and some that cannot be read
_LISTED = {"contradiction", "duplicate"}
_UNFOUNDED = {"gold-does-not-follow", "other-option-follows", "gold-is-not-asked-for", "facts-contradict"}


def described(audit: SetAudit, *, given: str = "FILE", whole: bool = False) -> list[str]:
    """Write an audit of what was given for a terminal; ``whole`` lists every row and cuts none."""
    kinds = ", ".join(f"{formatting.count(n)} {kind}" for kind, n in audit.kinds.items())
    kinds = next(iter(audit.kinds)) if len(audit.kinds) == 1 else kinds
    rows = formatting.counted(len(audit.rows), "problem")
    head = f"{audit.name}: {rows}, answer kind {kinds}, rows in the form of {formatting.listed(audit.forms)}"
    lines = [head, "", *_read_as(audit, given)]
    for finding in audit.findings:
        lines += _finding(finding, audit.unit, whole=whole)
    if not audit.findings:
        lines.append("  ok     nothing is wrong that can be seen")
    lines += [f"  {mark:<5}  {text}" for mark, text in _checked(audit)]
    noun, sizes = audit.sizes
    if any(size is not None for size in sizes):
        lines += ["", f"  {noun}", *_bars(_sorted(sizes))]
    if (answers := audit.answers) and len(answers) <= _MOST_BARS:
        lines += ["", "  gold answers", *_bars(dict(sorted(answers.items())))]
    return [in_line(line) for line in lines]


def _read_as(audit: SetAudit, given: str) -> Iterator[str]:
    """Say how the file was read, where that is not as a matter of course, and what a run has to be told."""
    yield from (f"  note   {note}" for note in audit.notes)
    if audit.guessed:
        taken = formatting.listed([f"{column} is the {ours}" for ours, column in audit.guessed.items()])
        place, asked = path_and_options(given)
        named = "&".join(f"{ours}={column}" for ours, column in {**asked, **audit.guessed}.items())
        yield f"  note   by the usual names of columns, {taken}"
        yield f'         a run is told so: --ctlab-problems="{place}?{named}"'


def _finding(finding: Finding, unit: str, *, whole: bool) -> Iterator[str]:
    yield f"  {'FAILS' if finding.fails else 'note ':<5}  {finding.sentence}"
    shown = finding.examples if whole or finding.check in _LISTED else finding.examples[:_EXAMPLES]
    for example in shown:
        yield f"           {_places(example, unit)}: {_cut(example.text, whole=whole)}"
    if rest := len(finding.examples) - len(shown):
        yield f"           and {formatting.count(rest)} more (--all lists them)"


def _places(example: Instance, unit: str) -> str:
    places = [formatting.count(place) for place in example.places]
    return f"{unit if len(places) == 1 else unit + 's'} {formatting.listed(places)}"


def _cut(text: str, *, whole: bool) -> str:
    line = " ".join(text.split())
    return line if whole or len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _checked(audit: SetAudit) -> Iterator[tuple[str, str]]:
    """What was looked at and is as it should be, and what the set's own repetition is worth."""
    failing = {finding.check for finding in audit.findings}
    if audit.closed and not failing & _UNFOUNDED:
        yield (
            "ok",
            f"{formatting.counted(audit.closed, 'question')} say all that their answer needs: every gold answer "
            "follows, and no other",
        )
    if not audit.closed and set(audit.kinds) != {"number"}:
        yield "–", "no question says all that its answer needs, so whether the gold answers are true was not looked at"
    if not failing & {"contradiction", "duplicate"}:
        yield "ok", "no question stands twice"
    alike = audit.templates
    if alike.clusters:
        yield "WARN" if audit.inflated else "note", alike.sentence


def _sorted(sizes: Counter[int | None]) -> dict[str, int]:
    known = {str(size): sizes[size] for size in sorted(size for size in sizes if size is not None)}
    return {**known, **({"unknown": sizes[None]} if sizes[None] else {})}


def _bars(counts: Mapping[str, int]) -> Iterable[str]:
    shown = dict([*counts.items()][:_MOST_BARS])
    if rest := sum(counts.values()) - sum(shown.values()):
        shown["others"] = rest
    longest, width = max(shown.values()), max(map(len, shown))
    for name, n in shown.items():
        yield f"    {name:>{width}}  {'█' * max(1, round(_BAR * n / longest))} {formatting.count(n)}"
