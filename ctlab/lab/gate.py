"""Whether a run guards accepted verdicts, or is a look at answers of which none was ever accepted."""

from ctlab.lab.claim_run import ClaimRun

NOTHING_ACCEPTED = "no accepted verdicts for this model and set"
"""What makes a run a look, in words."""


def is_look(claims: ClaimRun) -> bool:
    """Whether claims pass with whatever verdict: none is accepted here, so that there is nothing to hold them to."""
    settings = claims.settings
    if settings.strict or settings.accept or settings.plan or settings.writes_registry_only:
        return False
    return not claims.registered.registry.knows(claims.lab.subject)


def gate_asked(claims: ClaimRun) -> str:
    """The option by which this run must not be a look; empty where it may be one."""
    asked = {"--ctlab-gate": claims.settings.gate, "--ctlab-confirmatory": claims.settings.confirmatory}
    return next((option for option, given in asked.items() if given), "")


def look_only(claims: ClaimRun) -> bool:
    """Whether a run is a look and may be one."""
    return is_look(claims) and not gate_asked(claims)
