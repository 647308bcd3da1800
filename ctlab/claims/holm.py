"""For display only: p-values adjusted across a family by Holm, where the whole family was judged."""

from collections.abc import Iterable, Mapping

from ctlab.claims.claim import Family


def holm_across_families(families: Iterable[Family], p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Holm-adjusted p-values by claim id, for the families of which every claim has a p-value.

    They decide nothing: a claim's α is already the family's divided by its size. VOID claims have no p-value worth
    adjusting, so leave them out, and with them their family.
    """
    adjusted: dict[str, float] = {}
    for family in families:
        ids = [claim.id for claim in family.claims]
        if all(claim_id in p_values for claim_id in ids):
            largest = 0.0
            for rank, claim_id in enumerate(sorted(ids, key=lambda each: p_values[each])):
                largest = max(largest, min(1.0, (len(ids) - rank) * p_values[claim_id]))
                adjusted[claim_id] = largest
    return adjusted
