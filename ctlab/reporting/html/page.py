"""The report as one self-contained HTML page: no network, no scripts but its own, everything a model wrote escaped."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.html.claim_view import ClaimView, claim_view, shared_axes
from ctlab.reporting.html.condition_view import ConditionView, condition_view, environment_rows, outcome_rows
from ctlab.reporting.html.mechanism_view import mechanism_views, pictured
from ctlab.reporting.html.sensitivity_view import sensitivity_views
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.patch_words import MARKS

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure inside the page."""

    title: str
    """Heading."""
    words: str
    """What it shows, for those who do not see it."""
    source: str
    """``data:`` address of the PNG."""
    file: str
    """Name of the file beside the page."""


def html(report: Mapping[str, Any], pictures: Sequence[Picture] = ()) -> str:
    """Render a completed report (see ``schema.complete``)."""
    claims = report["claims"]
    axes = shared_axes(claims)
    views = [claim_view(claim, report, axes) for claim in claims]
    num_thoughts = report["model"].get("num_thoughts")
    conditions = [condition_view(row, num_thoughts) for row in report["conditions"]]
    outcome_names, outcomes = outcome_rows(report)
    mechanism = [(view, pictured(pictures, view)) for view in mechanism_views(report)]
    placed = [picture for _, picture in mechanism]
    return page(
        "report.html",
        report=report,
        banners=banners(report, conditions),
        tally=sentences.tally(claims),
        marks=formatting.VERDICT_MARKS,
        changed=[view for view in views if "changed" in view.badges],
        claims=views,
        families=_families(views, report),
        axes=axes,
        points_axis=axes.get(formatting.POINTS),
        conditions=conditions,
        fed_marks=MARKS,
        outcome_names=outcome_names,
        outcomes=outcomes,
        sensitivity=sensitivity_views(report),
        mechanism=mechanism,
        pictures=[picture for picture in pictures if picture not in placed],
        environment=environment_rows(report),
    )


def page(template: str, **values: Any) -> str:
    """Render a template of this package with the page's own script allowed by its hash and by nothing else."""
    environment = _environment()
    script = environment.get_template("report.js").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(template).render(script_hash=f"sha256-{digest}", **values)


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tidy"] = formatting.unbroken
    environment.filters["count"] = formatting.count
    environment.filters["plain"] = plain
    return environment


def plain(value: Any) -> str:
    """Write a leaf of recorded details as it is, without rounding what is short."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def banners(report: Mapping[str, Any], conditions: Sequence[ConditionView]) -> list[tuple[str, str]]:
    """What a reader must know before any verdict: tone and sentence."""
    found = []
    claims = report["claims"]
    if report["interrupted"]:
        unfinished = sum(claim["status"] == "not_run" for claim in claims)
        found.append(("bad", f"This run was interrupted; {formatting.counted(unfinished, 'claim')} did not run."))
    void = [claim["id"] for claim in claims if claim.get("verdict") == "VOID"]
    if void:
        number = formatting.counted(len(void), "claim is", "claims are")
        text = f"{number} VOID: a control or certificate contradicts what it must show."
        found.append(("bad", text))
    failed = [condition.name for condition in conditions if condition.certificate.startswith("failed")]
    if failed:
        found.append(("bad", f"The certificate failed for {formatting.listed(failed)}."))
    selection = report["selection"]
    if selection.get("is_selection"):
        unselected = sum(claim["status"] == "not_run" for claim in claims)
        left_out = formatting.counted(max(int(selection.get("deselected") or 0), unselected), "claim")
        found.append(
            ("note", f"This run was a selection: {left_out} left out. Each claim's α is the same as in a full run.")
        )
    recorded = [row["name"] for row in report["conditions"] if row.get("recorded")]
    if recorded:
        text = f"Recorded answers were judged for {formatting.listed(recorded)}: no certificate can exist for them."
        found.append(("note", text))
    if report["decoding"].get("padding") == "as-published":
        found.append(
            ("note", "Padding as published: thoughts and answers attend to padding, so answers depend on batches.")
        )
    found += [("note", str(note)) for note in report["notes"]]
    return found


def _families(views: Sequence[ClaimView], report: Mapping[str, Any]) -> list[tuple[str, str, list[ClaimView]]]:
    """Claims by family, with what is known of the family's α."""
    known = {row["name"]: row for row in report["families"]}
    families = []
    for name in dict.fromkeys(view.family for view in views):
        row = known.get(name, {})
        text = ""
        if row.get("claims"):
            alpha, size = float(row.get("alpha", report["alpha"])), int(row["claims"])
            share = f"α = {formatting.small(alpha)}: {formatting.small(alpha / size)} each"
            text = f"{formatting.counted(size, 'claim')} registered share {share}."
        families.append((name, text, [view for view in views if view.family == name]))
    return families
