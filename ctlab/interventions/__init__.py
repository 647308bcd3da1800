"""What is disturbed: interventions and conditions, and the certificates that prove them; pure data."""

from ctlab.interventions.certificate import Certificate, Check
from ctlab.interventions.condition import BASELINE, Condition
from ctlab.interventions.intervention import Intervention
from ctlab.interventions.replacement import Replacement

__all__ = ["BASELINE", "Certificate", "Check", "Condition", "Intervention", "Replacement"]
