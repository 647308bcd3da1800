"""A condition's certificate in a few words: what was verified, and how much was disturbed in the sample."""

from ctlab import formatting
from ctlab.interventions.thinking import LATENT
from ctlab.reporting.model.condition_row import CertificateRow, ConditionRow


def certificate_words(condition: ConditionRow) -> tuple[str, str]:
    """A certificate in a few words, and its tone."""
    certificate = condition.certificate
    if condition.recorded or (certificate and not certificate.available):
        return "not available: recorded", ""
    if certificate is None:
        return "none", "" if condition.undisturbed else "bad"
    failed = [check for check in certificate.checks if not check.passed]
    if failed:
        return "failed: " + "; ".join(f"{check.name}: {check.detail}" for check in failed), "bad"
    text = f"passed {formatting.counted(len(certificate.checks), 'check')}"
    if size := certificate.problems:
        text += f", {_per_problem(condition, certificate, size)} (sample of {formatting.counted(size, 'problem')})"
    if certificate.identical_to:
        text += f"; it does what {certificate.identical_to} does, the two are one"
    return text, "good"


def _per_problem(condition: ConditionRow, certificate: CertificateRow, size: int) -> str:
    """What was removed, weakened, replaced and left out a problem; removed edges where nothing else was done."""
    removed, weakened, replaced, left_out = (
        certificate.edges_removed,
        certificate.only_weakened,
        certificate.thoughts_replaced,
        certificate.thoughts_left_out,
    )
    parts = []
    if certificate.thinking != LATENT and not (removed or weakened):
        if certificate.steps_replaced:
            return f"other steps in {formatting.counted(certificate.steps_replaced, 'problem')}"
        # How many there are depends on what is written, so that they are checked and not counted.
        return "edges of all that is written" if condition.interventions else "nothing disturbed in writing"
    if removed or not (weakened or replaced or left_out):
        parts.append(f"{formatting.a_problem(removed, size, 'edge')} removed")
    if weakened:
        parts.append(f"{formatting.a_problem(weakened, size, 'edge')} weakened")
    if replaced:
        parts.append(f"{formatting.a_problem(replaced, size, 'thought')} replaced")
    if left_out:
        parts.append(f"{formatting.a_problem(left_out, size, 'thought')} left out")
    return f"{formatting.listed(parts)} a problem"
