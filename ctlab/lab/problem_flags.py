"""What a reader must know of the problems themselves, wherever a verdict on them goes."""

from ctlab.lab.experiment import Experiment


def audit_words(lab: Experiment) -> str:
    """Say what the audit of the problems found; empty where nothing is wrong, or there are none yet."""
    if not lab.ids:
        return ""
    audit = lab.problem_audit
    said = [finding.sentence for finding in audit.findings] + ([audit.templates.sentence] if audit.inflated else [])
    return "; ".join(said)


def audit_line(lab: Experiment) -> str:
    """Say the same in one line, with the command that says which rows."""
    said = audit_words(lab)
    return f"problems: {said} – ctlab problems {lab.settings.problems}" if said else ""


def audit_flag(lab: Experiment) -> str:
    """Flag of every verdict on these problems: what is wrong with their gold answers; empty where nothing is."""
    wrong = "; ".join(finding.sentence for finding in lab.problem_audit.fails) if lab.ids else ""
    return f"problems: {wrong} (ctlab problems lists them)" if wrong else ""
