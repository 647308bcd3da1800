"""The report as one self-contained HTML page: no network, no scripts but its own, everything a model wrote escaped."""

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.html.attention_view import attention_view
from ctlab.reporting.html.axis import shared_axes
from ctlab.reporting.html.claim_view import ClaimView, claim_view, rests_on
from ctlab.reporting.html.condition_view import ConditionView, condition_view, made_alike, outcome_rows
from ctlab.reporting.html.history_view import run_lines
from ctlab.reporting.html.mechanism_view import EmbeddedPicture, pictured
from ctlab.reporting.html.needed_view import needed_view
from ctlab.reporting.html.paths_view import paths_view
from ctlab.reporting.html.sensitivity_view import sensitivity_views
from ctlab.reporting.html.sweep_view import sweeps_of
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.environment_words import environment_rows
from ctlab.reporting.prose.glossary import glossary
from ctlab.reporting.prose.patch_words import marks_of
from ctlab.reporting.prose.since_accepted import since_accepted
from ctlab.reporting.prose.studied import studied
from ctlab.reporting.prose.withdrawn import withdrawn
from ctlab.showing.forest_plot import axis_svg, svg
from ctlab.untrusted_text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

_DOCUMENTS = (("comprehensive report", "comprehensive_report.html"), ("case studies", "case_studies.md"))
"""What there is to read beside the page, linked at its top."""
TEMPLATES = Path(__file__).parent / "templates"


def html(report: Report, pictures: Sequence[EmbeddedPicture] = ()) -> str:
    """Render a whole report (see ``schema.complete``)."""
    axes = shared_axes(report.claims)
    claims = [claim_view(claim, report, axes) for claim in sentences.not_run_last(report.claims)]
    alike = made_alike(report.conditions)
    resting = {row.name: [claim for claim in report.claims if row.name in rests_on(claim)] for row in report.conditions}
    conditions = [condition_view(row, report.model.num_thoughts, resting[row.name], alike) for row in report.conditions]
    outcome_names, outcomes = outcome_rows(report)
    mechanism = [(view, pictured(pictures, view)) for view in (attention_view(report), paths_view(report))]
    sweeps = sweeps_of(report, pictures)
    placed = [*(picture for _, picture in mechanism), *sweeps.values()]
    return page(
        "report.html",
        report=report,
        behind=behind(report),
        by_construction={claim.id for claim in report.claims if claim.positive_control},
        studied=studied(report),
        documents=[(text, file) for text, file in _DOCUMENTS if file in report.files],
        since=since_accepted(report.claims),
        made_alike=alike,
        glossary=glossary(report),
        needed=needed_view(report),
        banners=banners(report, conditions),
        tally=sentences.tally(report.claims),
        marks=formatting.VERDICT_MARKS,
        changed=[view for view in claims if "changed" in view.badges],
        claims=claims,
        sweeps=sweeps,
        families=_families(claims, report),
        run_lines=run_lines(report),
        axes=axes,
        points_axis=axes.get(formatting.POINTS),
        conditions=conditions,
        patch_marks=marks_of(each for row in report.conditions for each in row.interventions),
        outcome_names=outcome_names,
        outcomes=outcomes,
        sensitivity=sensitivity_views(report),
        mechanism=mechanism,
        pictures=[picture for picture in pictures if picture not in placed],
        environment=environment_rows(report),
    )


def behind(report: Report) -> list[str]:
    """Return the claims that the paragraph on top rests on, in the order in which it names them."""
    sentences_of = report.explanation.sentences if report.explanation else ()
    return list(dict.fromkeys(claim for sentence in sentences_of for claim in sentence.claims))


def page(template: str, *, script: str = "report.js", **values: object) -> str:
    """Render a template of this package with the page's own script allowed by its hash and by nothing else."""
    environment = _environment(TEMPLATES)
    digest = hashlib.sha256(environment.get_template(script).render().encode()).digest()
    allowed = f"sha256-{base64.b64encode(digest).decode()}"
    return environment.get_template(template).render(script=script, script_hash=allowed, **values)


# Kept, because reading templates takes longer than filling them in: a report has four pages, a notebook many.
@lru_cache(maxsize=2)
def _environment(templates: Path) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tidy"] = formatting.unbroken
    environment.filters["count"] = formatting.count
    environment.filters["plain"] = plain
    environment.globals["forest_svg"] = svg
    environment.globals["axis_svg"] = axis_svg
    return environment


def _shown(value: object) -> object:
    """Make the marks of every text visible that a template writes, whoever wrote it; what is no text stays."""
    return visible(value) if type(value) is str else value  # jinja's own Markup has its turn before it is one


def plain(value: JsonValue) -> str:
    """Write a leaf of recorded details as it is, without rounding what is short."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def banners(report: Report, conditions: Sequence[ConditionView]) -> list[tuple[str, str]]:
    """What a reader must know before any verdict: tone and sentence."""
    banners = []
    if report.interrupted:
        unfinished = formatting.counted(_not_run(report), "claim")
        banners.append(("bad", f"This run was interrupted; {unfinished} did not run."))
    if void := sum(claim.verdict == Verdict.VOID for claim in report.claims):
        number = formatting.counted(void, "claim is", "claims are")
        banners.append(("bad", f"{number} VOID: a control or certificate contradicts what it must show."))
    if failed := [view.name for view in conditions if view.certificate.startswith("failed")]:
        banners.append(("bad", f"The certificate failed for {formatting.listed(failed)}."))
    if report.selection.is_selection:
        left_out = formatting.counted(max(report.selection.deselected, _not_run(report)), "claim")
        text = f"This run was a selection: {left_out} left out. Each claim's α is the same as in a full run."
        banners.append(("note", text))
    if recorded := [row.name for row in report.conditions if row.recorded]:
        text = f"Recorded answers were judged for {formatting.listed(recorded)}: no certificate can exist for them."
        banners.append(("note", text))
    if report.decoding.padding == "as-published":
        what = report.model.as_published or "thoughts and answers attend to padding, so answers depend on batches"
        text = f"Padding as published: {what}."
        banners.append(("note", text))
    return banners


def _not_run(report: Report) -> int:
    return sum(claim.status == "not_run" for claim in report.claims)


def _families(views: Sequence[ClaimView], report: Report) -> list[tuple[str, str, list[ClaimView]]]:
    """Claims by family, with what is known of the family's α."""
    known = {family.name: family for family in report.families}
    families = []
    for name in dict.fromkeys(view.family for view in views):
        family, text = known.get(name), ""
        if family and family.claims:
            alpha = report.alpha if family.alpha is None else family.alpha
            gone = withdrawn(report, name)
            and_gone = f" and {formatting.count(gone)} withdrawn after their answers were seen" if gone else ""
            share = f"α = {formatting.small(alpha)}: {formatting.small(alpha / (family.claims + gone))} each"
            text = f"{formatting.counted(family.claims, 'claim')} registered{and_gone} share {share}."
        families.append((name, text, [view for view in views if view.family == name]))
    return families
