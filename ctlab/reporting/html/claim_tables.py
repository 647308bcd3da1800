"""What lies behind one claim's number, as small tables: its parts, pairs, groups and shares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.compared import each_alone, step
from ctlab.reporting.prose.group_names import group_words

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailTable:
    """One table."""

    caption: str
    """What it holds."""
    heads: Row
    """Column heads."""
    rows: tuple[Row, ...]
    """Cells as text."""


def claim_tables(effect: Mapping[str, Any]) -> tuple[list[DetailTable], dict[str, Any]]:
    """Return the tables that an effect's details make, and the details that make none."""
    details = dict(effect.get("details") or {})
    tables = []
    for name, (caption, heads, build) in _TABLES.items():
        if details.get(name):
            try:
                rows = tuple(build(details[name]))
            except (AttributeError, KeyError, TypeError):
                continue  # details are free: what has the name but not the form stays in the list of numbers
            tables.append(DetailTable(caption=caption, heads=heads, rows=rows))
            del details[name]
    slope = details.pop("points", None) if isinstance(details.get("points"), Mapping) else None
    if slope:
        text = f"{formatting.points(slope['estimate'])} [{_ends(slope)}]"
        tables.append(
            DetailTable(caption="Change of the loss per unit of the feature", heads=("loss",), rows=((text,),))
        )
    return tables, details


def _parts(parts: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    rows: list[Row] = []
    for name, part in parts.items():
        unit = part.get("unit", formatting.POINTS)
        edge = float(part.get("boundary") or 0.0)
        if part["estimate"] is None:
            rows.append((formatting.part(name), formatting.NO_ESTIMATE, "–", "–", "–"))
            continue
        rows.append(
            (
                formatting.part(name),
                formatting.quantity(part["estimate"], unit, (edge, -edge)),
                f"{formatting.interval(part['low'], part['high'], unit, (edge, -edge), unit_shown=False)}, "
                f"{formatting.level(part['level'])}",
                formatting.p_value(part["p_value"]),
                _part_counts(name, part) or "–",
            )
        )
    return rows


def _part_counts(name: str, part: Mapping[str, Any]) -> str | None:
    """Counts of one part: of an outcome against baseline, of a step from one condition to the next."""
    two = step(name)
    return each_alone(part, two) if two else formatting.lost_and_gained(part, name)


def _pairs(pairs: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        (
            f"{pair['second']} against {pair['first']}",
            formatting.points(pair["estimate"]),
            f"{_ends(pair)}",
            f"{formatting.p_value(pair['p_value'])}, Holm {formatting.p_value(pair['holm_p'])}",
            each_alone(pair, (pair["first"], pair["second"])) or "–",
        )
        for pair in pairs
    ]


def _ends(row: Mapping[str, Any]) -> str:
    ends = formatting.interval(row["low"], row["high"], formatting.POINTS, unit_shown=False)
    return f"{ends}, {formatting.level(row['level'])}"


def _losses(groups: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        (
            group_words(group["group"]),
            formatting.count(group["n"]),
            formatting.percent(group["before"]),
            formatting.percent(group["after"]),
            f"{formatting.count(group['lost'])} lost, {formatting.count(group['gained'])} gained",
            formatting.points(group["after"] - group["before"]),
            "–" if group["relative_loss"] is None else formatting.percent(group["relative_loss"]),
        )
        for group in groups
    ]


def _shares(shares: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        (
            formatting.outcome(share["label"]),
            formatting.percent(share["before"]),
            formatting.percent(share["after"]),
            f"{formatting.points(share['after'] - share['before'])} "
            f"[{formatting.interval(share['low'], share['high'], formatting.POINTS, unit_shown=False)}]",
        )
        for share in shares
    ]


def _tests(tests: Mapping[str, float]) -> list[Row]:
    return [(name, formatting.p_value(p)) for name, p in tests.items()]


def _rates(rates: Mapping[str, float]) -> list[Row]:
    return [(name, formatting.percent(rate)) for name, rate in rates.items()]


_TABLES: dict[str, tuple[str, Row, Callable[[Any], list[Row]]]] = {
    "rates": ("Rates by condition", ("condition", "rate"), _rates),
    "tests": ("Tests that must all reject: the largest p counts", ("test", "p"), _tests),
    "parts": ("Every part of the claim", ("part", "effect", "interval", "p", "counts"), _parts),
    "pairs": ("Every pair of conditions", ("pair", "difference", "interval", "p", "counts"), _pairs),
    "losses": (
        "By group of problems (relative loss: the share of correct baseline answers that was lost)",
        ("group", "n", "baseline", "treated", "counts", "difference", "relative loss"),
        _losses,
    ),
    "shares": (
        "Share of each label among all wrong answers (intervals corrected over the labels)",
        ("label", "baseline", "treated", "difference"),
        _shares,
    ),
}
