"""Whether a run guards accepted verdicts, or is a look at answers of which none was ever accepted."""

from ctlab.lab.claim_run import ClaimRun

NOTHING_ACCEPTED = "no accepted verdicts for this model and set"
"""What makes a run a look, in words."""


def is_look(claims: ClaimRun) -> bool:
    """Whether claims pass with whatever verdict: none is accepted here, so that there is nothing to hold them to.

    A confirmatory run is none: it confirms what was registered, or is red.
    """
    return not (claims.settings.strict or claims.settings.confirmatory) and _nothing_accepted(claims)


def may_look(claims: ClaimRun) -> bool:
    """Whether a run is a look, and was not asked to be a gate."""
    return is_look(claims) and not claims.settings.gate


def unguarded(claims: ClaimRun) -> str:
    """Name the option by which a run was to hold its verdicts to accepted ones, where there are none; else empty."""
    asked = claims.settings
    option = "--ctlab-gate" if asked.gate else "--ctlab-confirmatory" if asked.confirmatory else ""
    return option if option and _nothing_accepted(claims) else ""


def _nothing_accepted(claims: ClaimRun) -> bool:
    """Whether no verdict is accepted for this model and set, in a run that judges and accepts none itself."""
    asked = claims.settings
    if asked.accept or asked.plan or asked.writes_registry_only:
        return False
    about = {claims.lab.subject, *claims.lab.subjects_of(claims.selected)}
    return not any(map(claims.registered.registry.knows, about))
