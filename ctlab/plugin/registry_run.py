"""What --ctlab-register, --ctlab-register-late and --ctlab-withdraw do in place of running tests."""

import pytest

from ctlab.errors import CtlabError
from ctlab.lab.claim_run import ClaimRun
from ctlab.untrusted_text import visible


def write_registry(session: pytest.Session, claims: ClaimRun) -> None:
    """Change the registry as was asked and say how; a claim that was refused fails the run."""
    from ctlab.lab.registering import register, withdraw

    refused: list[str] = []
    try:
        if claims.settings.withdraw:
            lines = withdraw(claims, claims.settings.withdraw)
        else:
            lines, refused = register(claims, late=claims.settings.register_late)
    except CtlabError as error:
        raise pytest.UsageError(f"ctlab: {error}") from None
    writer = session.config.get_terminal_writer()
    for line in (*lines, *(f"refused: {why}" for why in refused)):
        writer.line(visible(line))
    if refused and claims.settings.register:
        writer.line("--ctlab-register-late enters a claim whose answers are known; it stays EXPLORATORY on them")
    if refused:
        raise session.Failed(f"{len(refused)} claims were refused")
