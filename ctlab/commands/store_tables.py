"""What `ctlab store` prints: tables for a terminal, from the records that the store's own modules return."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from ctlab import formatting
from ctlab.store.holdings import Holding
from ctlab.store.importing import Imported
from ctlab.store.names import labelled
from ctlab.store.removal import DAY_S, Plan, Policy
from ctlab.store.sizes import Size
from ctlab.store.survey import StoreFile
from ctlab.store.verifying import Finding, State

FINDINGS_SHOWN = 10
"""Lines for each state that is no damage; the rest is counted, and ``--json`` has all."""
_UNITS = ("B", "kB", "MB", "GB", "TB")


def printable(text: str) -> str:
    """Return a text that a terminal shows and does not obey: names can come from somebody else's export."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def say(line: str) -> None:
    """Tell a person something on the way, where what is printed is not mixed with it."""
    print(f"ctlab: {line}", file=sys.stderr)


def in_bytes(size: int) -> str:
    """Write a number of bytes: 812 B, 4.9 MB (a thousand kB)."""
    value, rank = float(size), 0
    while round(value, 1) >= 1000 and rank < len(_UNITS) - 1:
        value, rank = value / 1000, rank + 1
    return f"{value:.1f} {_UNITS[rank]}" if rank else f"{size} B"


def holdings(root: Path, rows: Sequence[Holding]) -> list[str]:
    """A table for each model and decoding."""
    if not rows:
        return [f"{root} holds no answers"]
    lines: list[str] = []
    for head, group in groupby(rows, _model):
        table = [("problems", "condition", "rows", "last use", "size"), *map(_holding, group)]
        lines += [head, *_aligned(table, right=(2, 4)), ""]
    runs = {row.run for row in rows}
    size = in_bytes(sum(row.size for row in rows))
    return [*lines, f"{formatting.counted(len(runs), 'run')}, {_answers(rows)}, {size}"]


def _model(holding: Holding) -> str:
    of = holding.decoding
    decoding = f"{of['padding']}, {of['dtype']}, at most {of['max_new_tokens']} tokens; " if of else ""
    environment = f", {holding.environment}" if holding.environment else ""
    return printable(
        f"model {labelled(holding.model_name, holding.model)}: {decoding}engine {holding.engine}{environment}"
    )


def _holding(holding: Holding) -> tuple[str, ...]:
    wanted = "" if holding.wanted is None else f" of {formatting.count(holding.wanted)}"
    return (
        labelled(holding.problems_name, holding.problems) or "no known set",
        holding.condition_name or holding.condition,
        formatting.count(holding.held) + wanted,
        holding.used or "not noted",
        in_bytes(holding.size),
    )


def _answers(rows: Iterable[Holding]) -> str:
    return formatting.counted(sum(row.held for row in rows), "answer")


def sizes(rows: Sequence[Size]) -> list[str]:
    """A table by model and kind, with the sum."""
    table = [("model", "what", "files", "size")]
    for row in rows:
        what = f"{row.part}: {row.kind}" if row.kind else str(row.part)
        model = labelled(row.model_name, row.model) or "all models"
        table.append((model, what, formatting.count(row.files), in_bytes(row.size)))
    total = sum(row.size for row in rows)
    table.append(("all", "", formatting.count(sum(row.files for row in rows)), in_bytes(total)))
    return _aligned(table, right=(2, 3))


def findings(files: Sequence[StoreFile], found: Sequence[Finding]) -> list[str]:
    """What is wrong, the worst first, and what was read."""
    lines = []
    for state in State:
        here = [finding for finding in found if finding.state == state]
        shown = here if state.is_damage else here[:FINDINGS_SHOWN]
        lines += [printable(f"{state}: {finding.place}: {finding.reason}") for finding in shown]
        if rest := len(here) - len(shown):
            lines.append(f"{state}: and {formatting.count(rest)} more (--json lists all)")
    counts = Counter(finding.state for finding in found)
    counted = [f"{formatting.count(counts[state])} {state}" for state in State if counts[state]]
    read = f"{formatting.counted(len(files), 'file')}, {in_bytes(sum(file.size for file in files))}"
    return [*lines, f"read {read}: {', '.join(counted) or 'all as it was written'}"]


def plan(found: Plan, policy: Policy, registries: Sequence[Path], *, done: bool, listed: bool) -> list[str]:
    """What goes for which reason, what stays, and what to do next."""
    lines = [f"{removal.place}  ({removal.reason})" for removal in found.removals] if listed else []
    if found.removals:
        table = [("removed" if done else "would go", "files", "size")]
        for reason, count in Counter(removal.reason for removal in found.removals).items():
            size = sum(removal.size for removal in found.removals if removal.reason == reason)
            table.append((str(reason), formatting.count(count), in_bytes(size)))
        total = in_bytes(sum(removal.size for removal in found.removals))
        table.append(("all", formatting.count(len(found.removals)), total))
        lines += _aligned(table, right=(1, 2))
    lines += _stays(found, policy, registries)
    if not found.removals:
        return [*lines, "nothing to remove"]
    return lines if done else [*lines, "nothing was removed; with --yes it is"]


def _stays(found: Plan, policy: Policy, registries: Sequence[Path]) -> list[str]:
    lines = []
    if found.rewrites:
        lines.append(f"{formatting.counted(len(found.rewrites), 'shard')} written again without the runs that go")
    if found.protected:
        named = formatting.listed([_nearby(file) for file in registries])
        lines.append(f"kept: {formatting.counted(found.protected, 'shard')} with answers that {named} names")
    if found.used:
        days = formatting.counted(policy.unused_days, "day")
        lines.append(f"kept: {formatting.counted(found.used, 'shard')} read or written within {days}")
    if found.young:
        age = f"{policy.older_than / DAY_S:g} {'day' if policy.older_than == DAY_S else 'days'}"
        lines.append(f"kept: {formatting.counted(found.young, 'file')} younger than {age} (--older-than)")
    lines += [f"left alone: {group}, in which another process is working" for group in found.busy]
    return lines


def _nearby(path: Path) -> str:
    """Write a path from here where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def exported(form: Mapping[str, Any], rows: Sequence[Holding]) -> list[str]:
    """What an export holds, and its checksum."""
    models = formatting.listed(list(dict.fromkeys(labelled(row.model_name, row.model) for row in rows)))
    runs = formatting.counted(len({row.run for row in rows}), "run")
    return [
        f"{form['file']}: {_answers(rows)} of {printable(models)} in {runs}; "
        f"{formatting.counted(form['files'], 'file')}, {in_bytes(form['size'])}",
        f"sha256 {form['sha256']}",
    ]


def imported(source: Path, root: Path, done: Imported) -> list[str]:
    """What became of an export."""
    parts = [f"{formatting.counted(done.written, 'file')} new", f"{formatting.count(done.there)} here already"]
    parts += [f"{formatting.counted(done.looks, 'look')} new"] if done.looks else []
    lines = [f"{source} into {root}: {', '.join(parts)}"]
    if done.kept:
        kept = formatting.counted(done.kept, "derived value")
        lines.append(f"kept: {kept} that differ here; each is held to its answers when it is read")
    lines += [f"mended: {place} was damaged here, and is in set-aside now" for place in done.mended]
    return [*lines, *map(printable, done.differing)]


def _aligned(table: Sequence[tuple[str, ...]], right: Sequence[int]) -> list[str]:
    table = [tuple(map(printable, row)) for row in table]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
