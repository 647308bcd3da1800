"""What a watched sample shows of edges to visible keys, and of padding."""

from ctlab.certify.auditor import Observed
from ctlab.engine.plan import Plan
from ctlab.records import Check


def visible_check(observed: Observed, planned: Plan, *, late: bool) -> Check:
    """Check that the engine weakened an edge to a visible key in every problem: padding may be hidden at no cost.

    In every one that has such an edge, where a row may have no position that reads: where the model decides itself how
    many thoughts there are, and where no ``end`` stands before an answer, which may be over with its first token, or
    ``end`` itself is hidden.
    """
    by_itself = observed.expected & ~observed.added  # what the model hides under every condition
    has_one = observed.added.any(axis=(1, 2)) | bool(planned.layout.end and not planned.layout.own_stop and not late)
    rows = [bool(edges.any()) for edges in (observed.masked & ~by_itself)[has_one]]
    return Check(
        name="every-row-loses-an-edge",
        passed=all(rows),
        detail=f"it removed no visible edge in {rows.count(False)} of {len(rows)} rows",
    )


def padding_check(observed: Observed, planned: Plan) -> Check:
    """Check that nothing reads padding, unless the official evaluation does."""
    if planned.reads_padding:
        return Check(name="padding", passed=True, detail="padding is read, as in the official batched evaluation")
    return Check(
        name="padding",
        passed=observed.largest_padding == 0,
        detail=f"largest weight on padding: {observed.largest_padding:g}",
    )
