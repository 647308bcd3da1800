"""What a reader must know of the problems themselves, wherever a verdict on them goes."""

from ctlab import formatting
from ctlab.lab.experiment import Experiment
from ctlab.problems.audit.set_audit import SetAudit


def audit_line(lab: Experiment) -> str:
    """Say in one line what the audit of the problems found; empty where nothing is wrong, or there are none yet."""
    if not lab.ids:
        return ""
    audit = lab.problem_audit
    said = [finding.sentence for finding in audit.findings] + ([_templates(audit)] if audit.inflated else [])
    return f"problems: {'; '.join(said)} – ctlab problems {lab.settings.problems}" if said else ""


def audit_flag(lab: Experiment) -> str:
    """Flag of every verdict on these problems: what is wrong with their gold answers; empty where nothing is."""
    wrong = "; ".join(finding.sentence for finding in lab.problem_audit.fails) if lab.ids else ""
    return f"problems: {wrong} (ctlab problems lists them)" if wrong else ""


def _templates(audit: SetAudit) -> str:
    alike = audit.templates
    return (
        f"{formatting.counted(alike.n, 'question')} are {formatting.count(alike.templates)} with other numbers and "
        f"names, at worst worth {formatting.counted(int(alike.effective), 'independent problem')}"
    )
