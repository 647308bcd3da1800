"""What lies behind one claim's number, as small tables: its parts, pairs, groups and shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.group_words import group_words
from ctlab.reporting.figures.sweep_panels import SweepCells, number_text, panel_title, said, shown_axes
from ctlab.reporting.model.effects import Details, LabelShare, Pair, Part, Slope
from ctlab.reporting.model.groups import GroupLoss, GroupMean, Stratum
from ctlab.reporting.model.interaction_details import LackOfFit, OtherSlope
from ctlab.reporting.model.record import Form
from ctlab.reporting.model.role_table import CellRow
from ctlab.reporting.model.sweep_details import SweptCells
from ctlab.reporting.prose.discordant import each_alone, step

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


def claim_tables(details: Details, unit: str) -> tuple[list[DetailTable], Form]:
    """Return the tables that an effect's details make, and the details that make none; `unit` is the effect's."""
    known = details.known
    tables = {
        "rates": _rates(known.rates) if known.rates else None,
        "tests": _tests(known.tests) if known.tests else None,
        "cells": _cells(known.cells, unit) if known.cells else None,
        "sweep": _sweep(known.sweep) if known.sweep else None,
        "parts": _parts(known.parts) if known.parts else None,
        "pairs": _pairs(known.pairs) if known.pairs else None,
        "losses": _losses(known.losses) if known.losses else None,
        "strata": _strata(known.strata) if known.strata else None,
        "group_means": _group_means(known.group_means, unit) if known.group_means else None,
        "shares": _shares(known.shares) if known.shares else None,
        "points": _slope(known.points) if known.points else None,
        "other_scale": _beside(known.other_scale, unit) if known.other_scale else None,
        "without": _beside(known.without, unit) if known.without else None,
        "lack_of_fit": _lack_of_fit(known.lack_of_fit) if known.lack_of_fit else None,
    }
    shown = {name: table for name, table in tables.items() if table is not None}
    return list(shown.values()), details.rest(shown)


def _rates(rates: Mapping[str, float]) -> DetailTable:
    return DetailTable(
        caption="Rates by condition",
        heads=("condition", "rate"),
        rows=tuple((name, formatting.percent(rate)) for name, rate in rates.items()),
    )


def _tests(tests: Mapping[str, float]) -> DetailTable:
    return DetailTable(
        caption="Tests that must all reject: the largest p counts",
        heads=("test", "p"),
        rows=tuple((name, formatting.p_value(p)) for name, p in tests.items()),
    )


def _parts(parts: Mapping[str, Part]) -> DetailTable:
    return DetailTable(
        caption="Every part of the claim",
        heads=("part", "effect", "interval", "p", "counts"),
        rows=tuple(_part(name, part) for name, part in parts.items()),
    )


def _cells(cells: Sequence[CellRow], unit: str) -> DetailTable:
    return DetailTable(
        caption="Every cell, at the level that all of them share",
        heads=("thought", "where", "n", "effect", "interval", "shows"),
        rows=tuple(
            (
                cell.thought,
                group_words(cell.place) or "all problems",
                formatting.count(cell.n),
                "–" if cell.estimate is None else formatting.quantity(cell.estimate, unit),
                "–"
                if cell.low is None or cell.high is None
                else formatting.interval(cell.low, cell.high, unit, unit_shown=False),
                f"{cell.label}: {cell.why}" if cell.why else cell.label,
            )
            for cell in cells
        ),
    )


def _sweep(sweep: SweptCells) -> DetailTable:
    """Every cell of a sweep in the order of its picture: a line for each row of each panel."""
    axes = sweep.grid.axes
    shown = shown_axes(axes)
    cells = SweepCells(axes, sweep.grid.places, sweep.estimates, sweep.marked, sweep.cell)
    written = {tuple(place): _swept(cells, number) for number, place in enumerate(cells.places)}
    columns, rows = cells.axes[shown.columns], []
    for panel in shown.panels(cells):
        for row in range(shown.shape(cells)[0]):
            at = panel | ({shown.rows: row} if shown.rows else {})
            places = [at | {shown.columns: column} for column in range(len(columns))]
            line = [written.get(tuple(place[axis] for axis in axes), "–") for place in places]
            rows.append((panel_title(cells, at) or "difference", *line))
    named = ", ".join(filter(None, (*shown.others, shown.rows))) or "what"
    return DetailTable(
        caption=f"Every cell of the sweep: difference to baseline in {formatting.POINTS}, over all problems",
        heads=(named, *(said(shown.columns, value) for value in columns)),
        rows=tuple(rows),
    )


def _swept(cells: SweepCells, number: int) -> str:
    """Write a cell's difference, and what the picture says by corners and the frame."""
    marks = {"differs": cells.marked[number], "picked": number == cells.picked}
    told = ", ".join(word for word, holds in marks.items() if holds)
    return number_text(cells.estimates[number]) + (f" ({told})" if told else "")


def _part(name: str, part: Part) -> Row:
    named, marks = formatting.part(name), (part.boundary, -part.boundary)
    if part.estimate is None or part.low is None or part.high is None:
        return (named, formatting.NO_ESTIMATE, "–", "–", "–")
    ends = formatting.interval(part.low, part.high, part.unit, marks, unit_shown=False)
    return (
        named,
        formatting.quantity(part.estimate, part.unit, marks),
        f"{ends}, {formatting.level(part.level)}",
        formatting.p_value(part.p_value),
        _part_counts(name, part) or "–",
    )


def _part_counts(name: str, part: Part) -> str:
    """Counts of one part: of an outcome against baseline, of a step from one condition to the next."""
    two = step(name)
    if two:
        return each_alone(part.lost, part.gained, two)
    return formatting.lost_and_gained(part.lost, part.gained, name)


def _pairs(pairs: Sequence[Pair]) -> DetailTable:
    return DetailTable(
        caption="Every pair of conditions",
        heads=("pair", "difference", "interval", "p", "counts"),
        rows=tuple(
            (
                f"{pair.second} against {pair.first}",
                formatting.points(pair.estimate),
                _ends(pair),
                f"{formatting.p_value(pair.p_value)}, Holm {formatting.p_value(pair.holm_p)}",
                each_alone(pair.lost, pair.gained, (pair.first, pair.second)) or "–",
            )
            for pair in pairs
        ),
    )


def _slope(slope: Slope) -> DetailTable:
    return DetailTable(
        caption="Change of the loss per unit of the feature",
        heads=("loss",),
        rows=((f"{formatting.points(slope.estimate)} [{_ends(slope)}]",),),
    )


def _beside(slope: OtherSlope, unit: str) -> DetailTable:
    """A slope on the other scale, or without a level."""
    unit, caption = slope.unit or unit, f"The same in {slope.unit}"
    if slope.group:
        caption = f"Without the most influential level ({group_words(slope.group)})"
    if slope.estimate is None or slope.low is None or slope.high is None:
        return DetailTable(caption=caption, heads=("no estimate because",), rows=((slope.undecided,),))
    ends = formatting.interval(slope.low, slope.high, unit, unit_shown=False)
    row = (formatting.quantity(slope.estimate, unit), f"{ends}, {formatting.level(slope.level)}")
    return DetailTable(
        caption=caption,
        heads=("change of the loss", "interval", "p"),
        rows=((*row, formatting.p_value(slope.p_value)),),
    )


def _lack_of_fit(fit: LackOfFit) -> DetailTable:
    return DetailTable(
        caption="Lack of fit: is the loss a straight line over the levels of the feature?",
        heads=("χ²", "degrees of freedom", "p"),
        rows=((formatting.decimal(fit.chi2), formatting.count(fit.df), formatting.p_value(fit.p)),),
    )


def _ends(row: Pair | Slope) -> str:
    ends = formatting.interval(row.low, row.high, formatting.POINTS, unit_shown=False)
    return f"{ends}, {formatting.level(row.level)}"


def _losses(groups: Sequence[GroupLoss]) -> DetailTable:
    return DetailTable(
        caption="By group of problems (relative loss: the share of correct baseline answers that was lost)",
        heads=("group", "n", "baseline", "treated", "counts", "difference", "relative loss"),
        rows=tuple(
            (
                group_words(group.group),
                formatting.count(group.n),
                formatting.percent(group.before),
                formatting.percent(group.after),
                f"{formatting.count(group.lost)} lost, {formatting.count(group.gained)} gained",
                formatting.points(group.after - group.before),
                "–" if group.relative_loss is None else formatting.percent(group.relative_loss),
            )
            for group in groups
        ),
    )


def _strata(strata: Sequence[Stratum]) -> DetailTable:
    return DetailTable(
        caption="By stratum: only problems of one stratum are compared (unadjusted 95 % intervals)",
        heads=("stratum", "claimed to have more", "others", "AUC", "interval"),
        rows=tuple(
            (
                group_words(stratum.group),
                formatting.count(stratum.positive),
                formatting.count(stratum.negative),
                *_area(stratum),
            )
            for stratum in strata
        ),
    )


def _area(stratum: Stratum) -> Row:
    if stratum.estimate is None or stratum.low is None or stratum.high is None:
        return (formatting.NO_ESTIMATE, "–")
    ends = formatting.interval(stratum.low, stratum.high, "probability", unit_shown=False)
    return (formatting.quantity(stratum.estimate, "probability"), ends)


def _group_means(means: Sequence[GroupMean], unit: str) -> DetailTable:
    return DetailTable(
        caption="By stratum, judged within them (unadjusted 95 % intervals)",
        heads=("stratum", "problems", "mean", "interval"),
        rows=tuple(
            (
                group_words(mean.group),
                formatting.count(mean.n),
                formatting.quantity(mean.estimate, unit),
                "–"
                if mean.low is None or mean.high is None
                else formatting.interval(mean.low, mean.high, unit, unit_shown=False),
            )
            for mean in means
        ),
    )


def _shares(shares: Sequence[LabelShare]) -> DetailTable:
    return DetailTable(
        caption="Share of each label among all wrong answers (intervals corrected over the labels)",
        heads=("label", "baseline", "treated", "difference"),
        rows=tuple(
            (
                formatting.outcome(share.label),
                formatting.percent(share.before),
                formatting.percent(share.after),
                f"{formatting.points(share.after - share.before)} "
                f"[{formatting.interval(share.low, share.high, formatting.POINTS, unit_shown=False)}]",
            )
            for share in shares
        ),
    )
