"""Whether a run guards accepted verdicts, or is a look at answers of which none was ever accepted."""

from ctlab.lab.claim_run import ClaimRun

NOTHING_ACCEPTED = "no accepted verdicts for this model and set"
"""What makes a run a look, in words."""


def is_look(claims: ClaimRun) -> bool:
    """Whether claims pass with whatever verdict: none is accepted here, so that there is nothing to hold them to.

    A confirmatory run is none: it confirms what was registered, or is red.
    """
    asked = claims.settings
    if asked.strict or asked.confirmatory or asked.accept or asked.plan or asked.writes_registry_only:
        return False
    return not claims.registered.registry.knows(claims.lab.subject)


def may_look(claims: ClaimRun) -> bool:
    """Whether a run is a look, and was not asked to be a gate."""
    return is_look(claims) and not claims.settings.gate
