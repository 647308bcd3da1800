"""error_distributions.png: what wrong answers are, beside what chance alone would make of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.style import (
    DPI,
    INK,
    OUTCOME_COLOURS,
    SOFT,
    condition_styles,
    new_figure,
    quiet,
    shortened,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_TEXT = 0.12
"""Room that the text beside a bar takes, as a share of the axis."""
_TITLE = "Wrong answers that contain a number: share of each label"


def numbers(report: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the picture shows, by condition in the report's order; problems are not needed."""
    outcomes = report["outcomes"]
    return [
        {"name": row["name"], "n": row.get("n") or _total(outcomes[row["name"]]), "outcomes": outcomes[row["name"]]}
        for row in report["conditions"]
        if outcomes.get(row["name"])
    ]


def _total(table: Mapping[str, Any]) -> int:
    return sum(cell["count"] for cell in table.values())


def words(shown: Sequence[Mapping[str, Any]]) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for row in shown:
        right = row["outcomes"].get("CORRECT", {}).get("count", 0)
        errors = {name: cell["count"] for name, cell in row["outcomes"].items() if name != "CORRECT" and cell["count"]}
        most = max(errors, key=lambda name: errors[name], default=None)
        text = f"{row['name']}: {formatting.share_of(right, row['n'])} correct"
        if most:
            text += f", most common error {formatting.outcome(most)} ({formatting.count(errors[most])})"
        parts.append(text)
    return "Error labels by condition, with chance rates, and all answers by label. " + "; ".join(parts) + "."


def draw(shown: Sequence[Mapping[str, Any]]) -> "Figure":
    """Draw grouped bars with chance rates above, stacked bars of all answers below."""
    names = [row["name"] for row in shown]
    labels = _labels(shown)
    bar = 0.17 if len(names) <= 4 else 0.115
    grouped_height = max(2.0, len(labels) * (len(names) * bar + 0.17))
    stacked_height = max(0.9, len(names) * 0.34)
    columns = 2 if max(len(name) for name in names) > 24 else 3
    legend_height = 0.08 + 0.165 * -(-(len(names) + 1) // columns)
    height = grouped_height + stacked_height + legend_height + 2.6
    figure = new_figure(10.5, height)
    left = 0.245
    top = 0.4 + legend_height + grouped_height
    upper = figure.add_axes((left, 1 - top / height, 0.735, grouped_height / height))
    lower = figure.add_axes((left, 1.1 / height, 0.735, stacked_height / height))
    figure.text(left, 1 - 0.27 / height, _TITLE, fontsize=10, fontweight="bold")
    _condition_legend(upper, shown, columns)
    _grouped(upper, shown, labels)
    _stacked(lower, shown)
    return figure


def _labels(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels that have a chance rate somewhere, in the taxonomy's order."""
    with_chance = {name for row in shown for name, cell in row["outcomes"].items() if cell.get("chance") is not None}
    return formatting.outcome_order(sorted(with_chance))


def _grouped(axes: "Axes", shown: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> None:
    if not labels:
        axes.text(0.5, 0.5, "no wrong answer contains a number", transform=axes.transAxes, ha="center", color=SOFT)
        axes.set_axis_off()
        return
    styles = condition_styles([row["name"] for row in shown])
    thick, reach = 0.84 / len(shown), _reach(shown)
    for place, row in enumerate(shown):
        offset = -0.42 + (place + 0.5) * thick
        for at, label in enumerate(labels):
            cell = row["outcomes"].get(label) or {}
            if cell.get("chance") is None:
                continue
            share, chance = formatting.in_hundredths(cell["share"]), formatting.in_hundredths(cell["chance"])
            axes.barh(at + offset, share, height=thick * 0.92, linewidth=0, **styles[row["name"]])
            axes.plot(
                [chance, chance], [at + offset - thick * 0.5, at + offset + thick * 0.5], color=INK, linewidth=1.6
            )
            if len(shown) <= 4:
                axes.annotate(
                    f"{formatting.percent(cell['share'])} ({formatting.count(cell['count'])})",
                    # Beside its bar, unless the mark of the chance rate stands where the text would be.
                    (share if chance - share > _TEXT * reach else max(share, chance), at + offset),
                    xytext=(6, 0),
                    textcoords="offset pixels",
                    va="center",
                    fontsize=7,
                    color=SOFT,
                )
    axes.set_yticks(range(len(labels)), [formatting.outcome(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(0, reach * (1.16 if len(shown) <= 4 else 1.04))
    axes.set_xlabel(
        "% of wrong answers with a number" + ("; in brackets counts of problems" if len(shown) <= 4 else "")
    )
    quiet(axes)


def _reach(shown: Sequence[Mapping[str, Any]]) -> float:
    """Largest share or chance rate, in percent."""
    cells = [cell for row in shown for cell in row["outcomes"].values() if cell.get("chance") is not None]
    return formatting.in_hundredths(max([0.05, *(max(cell["share"], cell["chance"]) for cell in cells)]))


def _condition_legend(axes: "Axes", shown: Sequence[Mapping[str, Any]], columns: int) -> None:
    """Conditions with how many wrong answers with a number each has, and the mark of the chance rate."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    styles = condition_styles([row["name"] for row in shown])
    handles: list[Any] = [
        Patch(
            label=f"{shortened(row['name'], 44)} (n = {formatting.count(_wrong_numbers(row))})", **styles[row["name"]]
        )
        for row in shown
    ]
    handles.append(Line2D([], [], color=INK, linewidth=1.6, label="chance rate"))
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncol=columns,
        frameon=False,
        fontsize=8,
        borderpad=0.2,
    )


def _wrong_numbers(row: Mapping[str, Any]) -> int:
    """Wrong answers that contain a number: the ones that the labels with a chance rate share."""
    return max((cell["of"] for cell in row["outcomes"].values() if cell.get("chance") is not None), default=0)


def _stacked(axes: "Axes", shown: Sequence[Mapping[str, Any]]) -> None:
    axes.set_title("All answers, by label")
    present = formatting.outcome_order(list({name: 0 for row in shown for name in row["outcomes"]}))
    used = set()
    for at, row in enumerate(shown):
        start = 0.0
        for name in present:
            count = row["outcomes"].get(name, {}).get("count", 0)
            if not count:
                continue
            used.add(name)
            share = formatting.in_hundredths(count / row["n"])
            colour = OUTCOME_COLOURS.get(name, SOFT)
            axes.barh(at, share, left=start, height=0.74, color=colour, edgecolor="white", linewidth=0.6)
            if share >= 4:
                shade = "white" if name in ("NONE", "OPERATION_REVERSAL", "SIGN_ERROR", "NONSENSE") else INK
                axes.text(
                    start + share / 2, at, formatting.count(count), ha="center", va="center", fontsize=7.5, color=shade
                )
            start += share
    axes.set_yticks(
        range(len(shown)), [f"{shortened(row['name'])} ({formatting.count(row['n'])})" for row in shown], fontsize=8
    )
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of all problems; numbers are counts of problems")
    quiet(axes)
    _outcome_legend(axes, [name for name in present if name in used])


def _outcome_legend(axes: "Axes", names: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=OUTCOME_COLOURS.get(name, SOFT), label=formatting.outcome(name)) for name in names]
    inches = axes.get_window_extent().height / DPI
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.01, -0.42 / inches),
        ncol=4,
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        columnspacing=1.4,
    )
