"""Known checkpoints as the table of docs/checkpoints.md: ``python -m ctlab.models.checkpoints.known_table``."""

from collections.abc import Iterator

from ctlab import formatting
from ctlab.models.checkpoints.known import KNOWN
from ctlab.models.families.base import Published

_NOT_KNOWN = "not known"


def table() -> str:
    """Everything that is known, as a table in Markdown."""
    head = ("id", "base", "settings", "accuracy", "where it stands", "licence of the weights")
    rows = [head, tuple("---" for _ in head), *(_row(name, known) for name, known in KNOWN.items())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(name: str, known: Published) -> tuple[str, ...]:
    accuracy = _NOT_KNOWN
    if known.accuracy is not None:
        accuracy = f"{formatting.percent(known.accuracy)} of {known.problems}"
    source = "; ".join(part for part in (known.source, known.note) if part)
    base = known.settings.get("base")
    return (
        f"`{name}`",
        f"`{base}`" if base else "its own folder",
        ", ".join(_said(known)),
        accuracy,
        source or _NOT_KNOWN,
        known.licence or _NOT_KNOWN,
    )


def _said(known: Published) -> Iterator[str]:
    for key, value in known.settings.items():
        if key != "base":
            yield f"`{key}` {value!r}" if isinstance(value, str) else f"`{key}` {str(value).lower()}"
    if known.in_files:
        yield f"{', '.join(f'`{key}`' for key in known.in_files)} as its own files say"


if __name__ == "__main__":
    print(table())
