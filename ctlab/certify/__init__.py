"""What proves a run: interventions, patches and probes held to a reference. Importing it imports no torch."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.models.openmp import wait_politely

if TYPE_CHECKING:
    from ctlab.certify.batch_audit import audited_batches
    from ctlab.certify.certified_scores import certify_scores
    from ctlab.certify.interventions import certify
    from ctlab.certify.probes import certify_probes

_HOMES = {
    "audited_batches": "batch_audit",
    "certify": "interventions",
    "certify_probes": "probes",
    "certify_scores": "certified_scores",
}
__all__ = [
    "audited_batches",
    "certify",
    "certify_probes",
    "certify_scores",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES, wait_politely)
