"""What several rooms share: generations, measurements, certificates, effects and judgements; pure data."""

from ctlab.records.certificate import Certificate, Check
from ctlab.records.control import Control, ControlResult, ControlState, Shows
from ctlab.records.effect import Effect
from ctlab.records.generation import Decoding, Generation, RunKey
from ctlab.records.judgement import Example, Judgement
from ctlab.records.look import Look
from ctlab.records.measurement import Measurement
from ctlab.records.provenance import Provenance
from ctlab.records.published_records import PublishedFile, PublishedRecords, PublishedSet
from ctlab.records.row_audit import AuditedBatch, RowAudit
from ctlab.records.verdict import Verdict

__all__ = [
    "AuditedBatch",
    "Certificate",
    "Check",
    "Control",
    "ControlResult",
    "ControlState",
    "Decoding",
    "Effect",
    "Example",
    "Generation",
    "Judgement",
    "Look",
    "Measurement",
    "Provenance",
    "PublishedFile",
    "PublishedRecords",
    "PublishedSet",
    "RowAudit",
    "RunKey",
    "Shows",
    "Verdict",
]
