"""Writing registry.toml: comments that people left at its head stay, everything else is sorted."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.items import Comment, InlineTable, Whitespace

from ctlab.errors import RegistryError
from ctlab.files import publish

if TYPE_CHECKING:
    from ctlab.claims.registry import Registry

_HEAD = (
    "Written by `pytest --ctlab-accept`: what was claimed, and the verdicts accepted for each model and problem set.",
    "A claim whose digest differs is EXPLORATORY; a verdict that differs from the accepted one makes a run red.",
)


def write(registry: "Registry", path: Path) -> None:
    """Write a registry to `path` by rename, so that a reader sees the old file or the new one."""
    text = tomlkit.dumps(_document(registry, path))
    publish(path, text.encode(), error=RegistryError, advice="make its folder writable.")


def _document(registry: "Registry", path: Path) -> tomlkit.TOMLDocument:
    """Return the whole file as a TOML document."""
    document = tomlkit.document()
    for line in _head(path):
        document.add(tomlkit.comment(line))
    claims = tomlkit.table(is_super_table=True)
    for claim_id, registered in sorted(registry.claims.items()):
        row = tomlkit.table()
        for name, value in asdict(registered).items():
            row.add(name, _inline(value) if isinstance(value, dict) else value)
        claims.add(claim_id, row)
    document.add(tomlkit.nl())
    document.add("claims", claims)
    blocks = tomlkit.aot()
    for subject, verdicts in sorted(registry.verdicts.items(), key=lambda item: tuple(asdict(item[0]).values())):
        block = tomlkit.table()
        block.update(asdict(subject))
        inner = tomlkit.table()
        inner.update({claim_id: str(verdict) for claim_id, verdict in sorted(verdicts.items())})
        block.add("verdicts", inner)
        blocks.append(block)
    document.add("accepted", blocks)
    return document


def _inline(values: dict[str, str]) -> InlineTable:
    """Return a mapping on one line."""
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _head(path: Path) -> tuple[str, ...]:
    """Return the comment lines at the head of the file, ours when there is no file yet."""
    if not path.exists():
        return _HEAD
    lines = []
    for _, item in tomlkit.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(item, Comment):
            lines.append(item.as_string().strip().removeprefix("#").strip())
        elif not isinstance(item, Whitespace):
            break
    return tuple(lines) or _HEAD
