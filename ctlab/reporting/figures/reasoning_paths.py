"""reasoning_paths.png: how far hidden states are from baseline's, by position and layer, and what that goes with."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.style import BASELINE_COLOUR, INK, SOFT, condition_styles, new_figure, quiet, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 6
"""Conditions in the picture; the JSON has all."""
_ACROSS = 3
_WIDE, _TALL, _LEFT, _GAP_X, _GAP_Y = 2.75, 1.45, 0.75, 0.62, 0.95  # inches
Row = Mapping[str, Any]


def numbers(report: Row, problems: Sequence[Row]) -> dict[str, Any]:
    """What the picture shows; empty where nothing was measured."""
    paths = report.get("reasoning_paths") or {}
    if not paths:
        return {}
    names = list(paths["conditions"])
    kept = {name: paths["conditions"][name] for name in names[:MOST_CONDITIONS]}
    return {
        "positions": paths["positions"],
        "levels": paths["levels"],
        "conditions": {
            name: {
                "n": row["n"],
                "mean": row["distance"]["mean"],
                "last": {end: [line[-1] for line in row["distance"][end]] for end in ("mean", "low", "high")},
                "cosine": {end: [line[-1] for line in row["cosine"][end]] for end in ("mean", "low", "high")},
                "parts_at": row["parts_at"],
                "breaking": row["breaking"],
            }
            for name, row in kept.items()
        },
        "cascade": paths["cascade"],
        "decoded": {name: rows for name, rows in paths["decoded"].items() if name == "baseline" or name in kept},
        "omitted": max(0, len(names) - MOST_CONDITIONS),
    }


def words(shown: Row) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for name, row in shown["conditions"].items():
        if row["parts_at"] is None:
            parts.append(f"{name} never leaves baseline")
            continue
        place, level = row["parts_at"]
        far = max(range(len(row["last"]["mean"])), key=lambda at: row["last"]["mean"][at])
        parts.append(
            f"{name} parts from baseline at {shown['positions'][place]} ({shown['levels'][level]}) and is furthest at "
            f"{shown['positions'][far]} ({formatting.decimal(row['last']['mean'][far], digits=2)} times baseline's length)"
        )
    rest = f" {formatting.counted(shown['omitted'], 'more condition')} in the JSON." if shown["omitted"] else ""
    return (
        "Distance of hidden states from baseline's, by position and layer; cosine and distance after the last layer; "
        "broken against unbroken problems; direct effect against cascade; how often thoughts decode to intermediate "
        f"results, where that was measured. {'; '.join(parts)}.{_decoded_words(shown)}{rest}"
    )


def _decoded_words(shown: Row) -> str:
    """Where each condition's thoughts decode to an intermediate result most often."""
    text = ""
    for name, rows in shown["decoded"].items():
        best = max(rows, key=lambda row: row["hits"] / row["n"])
        chance = f", shuffled {formatting.percent(best['shuffled'])}" if best.get("shuffled") is not None else ""
        share = formatting.percent(best["hits"] / best["n"])
        where = f"at {best['thought']} ({share}{chance})"
        text += f" Under {name} thoughts decode to an intermediate result most often {where}."
    return text


def _colours(shown: Row) -> dict[str, str]:
    """One colour a condition in every panel, those of the cascade included."""
    chained = [row[which] for row in shown["cascade"] for which in ("whole", "direct")]
    names = list(dict.fromkeys([*shown["conditions"], *chained]))
    return {"baseline": BASELINE_COLOUR, **{n: style["facecolor"] for n, style in condition_styles(names).items()}}


def draw(shown: Row) -> "Figure":
    """Draw heat maps of the distance, lines after the last layer, broken against unbroken, then the cascade."""
    names = list(shown["conditions"])
    splits = [name for name in names if (shown["conditions"][name]["breaking"] or {}).get("broken", {}).get("mean")]
    chains = _chains(shown["cascade"])
    panels: list[tuple[str, Any]] = [("heat", name) for name in names]
    panels += [("cosine", None), ("distance", None)]
    panels += [("split", name) for name in splits[:3]]
    panels += [("chain", key) for key in list(chains)[:2]]
    panels += [("decoded", None)] if shown["decoded"] else []
    colours = _colours(shown)
    lines = -(-len(panels) // _ACROSS)
    width = _LEFT + _ACROSS * (_WIDE + _GAP_X)
    height = lines * (_TALL + _GAP_Y) + 0.15
    figure = new_figure(width, height)
    largest = max([1e-3, *(value for name in names for row in shown["conditions"][name]["mean"] for value in row)])
    for number, (kind, name) in enumerate(panels):
        down, across = divmod(number, _ACROSS)
        bottom = height - 0.36 - _TALL - down * (_TALL + _GAP_Y)
        axes = figure.add_axes(
            ((_LEFT + across * (_WIDE + _GAP_X)) / width, bottom / height, _WIDE / width, _TALL / height)
        )
        axes.title.set_fontsize(8.5)
        if kind == "heat":
            _heat(axes, shown, name, largest, named=across == 0)
        elif kind == "split":
            _split(axes, shown, name, colours[name])
        elif kind == "chain":
            _chain(axes, name, chains[name], colours)
        elif kind == "decoded":
            _decoded(axes, shown["decoded"], colours)
        else:
            _lines(axes, shown, kind, colours)
    return figure


def _heat(axes: "Axes", shown: Row, name: str, largest: float, *, named: bool) -> None:
    """Mean distance: rows are positions, columns levels; a frame around the first cell that differs."""
    from matplotlib.patches import Rectangle

    row = shown["conditions"][name]
    table, positions, levels = row["mean"], shown["positions"], shown["levels"]
    axes.imshow(table, cmap="Oranges", vmin=0.0, vmax=largest, aspect="auto")
    if len(levels) <= 8:
        for y, line in enumerate(table):
            for x, value in enumerate(line):
                text = "0" if value == 0 else f"{value:.2f}"
                shade = "white" if value > 0.65 * largest else INK if value else SOFT
                axes.text(x, y, text, ha="center", va="center", fontsize=6, color=shade)
    if row["parts_at"] is not None:
        place, level = row["parts_at"]
        axes.add_patch(Rectangle((level - 0.5, place - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.6))
    step = max(1, -(-len(levels) // 6))
    short = [level.removeprefix("layer ") for level in levels]
    axes.set_xticks(range(0, len(levels), step), short[::step], fontsize=7)
    axes.set_xlabel("layer", fontsize=7.5)
    axes.set_yticks(range(len(positions)), positions if named else [], fontsize=7)
    axes.tick_params(length=0)
    axes.set_title(f"{shortened(name, 34)}: distance", fontsize=8.5)


def _lines(axes: "Axes", shown: Row, kind: str, colours: Mapping[str, str]) -> None:
    """One line a condition after the last layer, with its interval."""
    key = "last" if kind == "distance" else "cosine"
    for name, row in shown["conditions"].items():
        _line(axes, row[key], colours[name], shortened(name, 24))
    _positions(axes, shown["positions"])
    axes.set_title(f"{kind} after the last layer", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False, handlelength=1.4, labelspacing=0.25)


def _line(axes: "Axes", row: Row, colour: str, label: str, *, dashed: bool = False) -> None:
    places = range(len(row["mean"]))
    axes.plot(
        places,
        row["mean"],
        marker="o",
        markersize=3,
        linewidth=1.3,
        color=colour,
        label=label,
        markerfacecolor="white" if dashed else colour,
        linestyle="--" if dashed else "-",
    )
    if None not in (*row["low"], *row["high"]):
        axes.fill_between(places, row["low"], row["high"], color=colour, alpha=0.2, linewidth=0)


def _positions(axes: "Axes", positions: Sequence[str]) -> None:
    axes.set_xticks(range(len(positions)), positions, fontsize=7)
    axes.tick_params(axis="y", labelsize=7)
    quiet(axes, "y")


def _split(axes: "Axes", shown: Row, name: str, colour: str) -> None:
    """Broken against unbroken problems (dashed), among those that baseline answers correctly."""
    groups = shown["conditions"][name]["breaking"]
    for group in ("broken", "unbroken"):
        if groups[group].get("mean"):
            label = f"{group} (n = {formatting.count(groups[group]['n'])})"
            _line(axes, groups[group], colour, label, dashed=group == "unbroken")
    _positions(axes, shown["positions"])
    axes.set_title(f"{shortened(name, 22)}: distance if right before", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False)


def _chains(cascade: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows of the cascade by what is hidden from all."""
    chains: dict[tuple[str, str], list[Row]] = {}
    for row in cascade:
        chains.setdefault((row["thought"], row["whole"]), []).append(row)
    return chains


def _chain(axes: "Axes", key: tuple[str, str], rows: Sequence[Row], colours: Mapping[str, str]) -> None:
    """At each reader: the thought hidden from it alone, and hidden from everyone before it too.

    Hidden from one alone is another condition at each reader, so its line is ink and its points have their colours.
    """
    for kind, colour, label in (
        ("direct_distance", SOFT, "hidden from it alone"),
        ("whole_distance", colours[key[1]], shortened(key[1], 26)),
    ):
        means = [row[kind]["mean"] for row in rows]
        ends = [
            [row[kind]["mean"] - row[kind]["low"] for row in rows],
            [row[kind]["high"] - row[kind]["mean"] for row in rows],
        ]
        axes.errorbar(
            range(len(rows)),
            means,
            yerr=ends,
            fmt="o-",
            markersize=3.5,
            linewidth=1.2,
            capsize=2,
            color=colour,
            label=label,
        )
    for place, row in enumerate(rows):
        axes.plot(place, row["direct_distance"]["mean"], "o", markersize=4.5, color=colours[row["direct"]], zorder=3)
    _positions(axes, [row["position"] for row in rows])
    axes.set_xlim(-0.4, len(rows) - 0.6)
    axes.set_ylim(bottom=0.0)
    axes.set_title(f"{key[0]}: direct effect and cascade", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False)


def _decoded(axes: "Axes", decoded: Mapping[str, Sequence[Row]], colours: Mapping[str, str]) -> None:
    """Share of problems whose thought decodes to an intermediate result; dashed what shuffled problems reach."""
    for name, rows in decoded.items():
        hits = {
            "mean": [formatting.in_hundredths(row["hits"] / row["n"]) for row in rows],
            "low": [None],
            "high": [None],
        }
        _line(axes, hits, colours[name], shortened(name, 24))
        if all(row.get("shuffled") is not None for row in rows):
            shuffled = {**hits, "mean": [formatting.in_hundredths(row["shuffled"]) for row in rows]}
            _line(axes, shuffled, colours[name], f"{shortened(name, 14)}, shuffled", dashed=True)
    _positions(axes, [row["thought"] for row in next(iter(decoded.values()))])
    axes.set_ylim(bottom=0.0)
    axes.set_title("decodes to an intermediate result, in %", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False, handlelength=1.8, labelspacing=0.25)
