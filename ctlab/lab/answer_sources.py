"""Where stored answers come from: the source that made them, whose certificate is theirs, and their audited rows."""

from collections.abc import Sequence

from ctlab.records import Certificate
from ctlab.records.row_audit import check_of
from ctlab.source_digest import source_digest
from ctlab.store.manifest import Entry


def certifier() -> str:
    """Key of certificates: the source of the checks and of the engine, which they prove as it is.

    Kept with the answers too, so that the certificate that is shown of them is that of the source that made them.
    """
    return source_digest("ctlab.certify.interventions", "ctlab.certify.batch_audit", "ctlab.engine.multi_device")


def sources_of(entries: Sequence[Entry], today: str) -> tuple[str, ...]:
    """Digests of the source that made answers, each once: today's where there are none, or where none was noted."""
    return tuple(dict.fromkeys(entry.source or today for entry in entries)) or (today,)


def certificate_of(
    certificates: Sequence[Certificate], entries: Sequence[Entry], digest: str, answers: int
) -> Certificate:
    """Make one certificate of those of every source that made a run's answers, with what was found of its rows.

    ``digest`` is the run's, ``answers`` the number of its answers. Nothing is said of rows where a part of them was not
    audited, unless something is wrong with another part.
    """
    first, *others = certificates
    failed = [check for other in others for check in other.checks if not check.passed]
    audits = [entry.audits[digest] for entry in entries if digest in entry.audits]
    checks = [check_of(audits, answers)] if audits else []
    whole = len(audits) == len(entries)
    return first.also(*failed, *(check for check in checks if whole or not check.passed))
