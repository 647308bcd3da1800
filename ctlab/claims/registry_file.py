"""The file registry.toml: comments that people left at its head stay, everything else is sorted.

tomlkit, which keeps comments, is imported only where the file is written: reading it is a part of every collection.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.claims.registered import Registered, Subject
from ctlab.errors import RegistryError
from ctlab.files import publish
from ctlab.records.judgement import Verdict

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import InlineTable

_HEAD = (
    "Written by `pytest --ctlab-accept`: what was claimed, and the verdicts accepted for each model and problem set.",
    "A claim whose digest differs is EXPLORATORY; a verdict that differs from the accepted one makes a run red.",
)


Claims = Mapping[str, Registered]
"""Registered claims by id."""
Verdicts = Mapping[Subject, Mapping[str, Verdict]]
"""Accepted verdicts by subject and claim id."""


def read(path: Path) -> tuple[Claims, Verdicts]:
    """Return what a registry file holds; a file that is not there holds nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, {}
    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"{path} is not TOML: {error}; restore it, or delete it and accept anew.") from error
    try:
        claims = {claim: Registered(**row) for claim, row in rows.get("claims", {}).items()}
        verdicts = dict(_accepted(row) for row in rows.get("accepted", []))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise RegistryError(f"{path} is no registry: {error}; restore it, or delete it and accept anew.") from error
    if any(Verdict.VOID in accepted.values() for accepted in verdicts.values()):
        raise RegistryError(f"{path} accepts a VOID verdict; VOID is never acceptable, remove the line.")
    return claims, verdicts


def write(path: Path, claims: Claims, verdicts: Verdicts) -> None:
    """Write a registry file by rename, so that a reader sees the old file or the new one."""
    import tomlkit

    text = tomlkit.dumps(_document(path, claims, verdicts))
    publish(path, text.encode(), error=RegistryError, advice="make its folder writable.")


def _accepted(row: dict[str, Any]) -> tuple[Subject, dict[str, Verdict]]:
    """Return one accepted block of the file."""
    subject = Subject(**{f.name: row[f.name] for f in fields(Subject)})
    return subject, {claim: Verdict(verdict) for claim, verdict in row["verdicts"].items()}


def _document(path: Path, claims: Claims, verdicts: Verdicts) -> "TOMLDocument":
    """Return the whole file as a TOML document."""
    import tomlkit

    document = tomlkit.document()
    for line in _head(path):
        document.add(tomlkit.comment(line))
    table = tomlkit.table(is_super_table=True)
    for claim_id, registered in sorted(claims.items()):
        row = tomlkit.table()
        for name, value in asdict(registered).items():
            row.add(name, _inline(value) if isinstance(value, dict) else value)
        table.add(claim_id, row)
    document.add(tomlkit.nl())
    document.add("claims", table)
    blocks = tomlkit.aot()
    for subject, accepted in sorted(verdicts.items(), key=lambda item: tuple(asdict(item[0]).values())):
        block = tomlkit.table()
        block.update(asdict(subject))
        inner = tomlkit.table()
        inner.update({claim_id: str(verdict) for claim_id, verdict in sorted(accepted.items())})
        block.add("verdicts", inner)
        blocks.append(block)
    document.add("accepted", blocks)
    return document


def _inline(values: dict[str, str]) -> "InlineTable":
    """Return a mapping on one line."""
    import tomlkit

    table = tomlkit.inline_table()
    table.update(values)
    return table


def _head(path: Path) -> tuple[str, ...]:
    """Return the comment lines at the head of the file, ours when there is no file yet."""
    if not path.exists():
        return _HEAD
    import tomlkit
    from tomlkit.items import Comment, Whitespace

    lines = []
    for _, item in tomlkit.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(item, Comment):
            lines.append(item.as_string().strip().removeprefix("#").strip())
        elif not isinstance(item, Whitespace):
            break
    return tuple(lines) or _HEAD
