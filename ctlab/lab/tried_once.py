"""What went wrong once is not tried again for every claim: the same error answers for all that comes after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from ctlab.errors import CertificateError, ClaimError, CtlabError, InputError, StoreError
from ctlab.lab.executors import EngineError


class TriedOnce:
    """One try of everything that is generated together."""

    def __init__(self) -> None:
        self.broken: CtlabError | None = None
        """What went wrong, for all of it; None where nothing did."""

    @contextmanager
    def once(self) -> Iterator[None]:
        """Do not try again, for every claim, what went wrong once."""
        if self.broken is not None:
            raise self.broken
        try:
            yield
        except CertificateError:  # of one condition: the others can be answered
            raise
        except InputError as error:
            self.broken = EngineError(str(error))
            raise self.broken from error
        except StoreError as error:  # a sentence already: a disk that is full, a store that cannot be locked
            self.broken = error
            raise
        except Exception as error:
            self.broken = ClaimError(
                f"nothing could be generated, {type(error).__name__}: {error} (the first error has more)"
            )
            raise
