"""What went wrong once is not tried again for every claim."""

from collections.abc import Iterator
from contextlib import contextmanager

from ctlab.errors import CertificateError, ClaimError, CtlabError, InputError, StoreError
from ctlab.lab.executors import EngineError


class TriedOnce:
    """Remembers what kept a model from answering, and says it again in place of another try."""

    def __init__(self) -> None:
        self._broken: CtlabError | None = None

    def broke(self, error: CtlabError) -> None:
        """Note what went wrong."""
        self._broken = error

    def forget(self) -> None:
        """Try again the next time."""
        self._broken = None

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Do what may go wrong, unless it did before."""
        if self._broken is not None:
            raise self._broken
        try:
            yield
        except CertificateError:  # of one condition: the others can be answered
            raise
        except InputError as error:
            self._broken = EngineError(str(error))
            raise self._broken from error
        except StoreError as error:  # a sentence already: a disk that is full, a store that cannot be locked
            self._broken = error
            raise
        except Exception as error:
            self._broken = ClaimError(
                f"nothing could be generated, {type(error).__name__}: {error} (the first error has more)"
            )
            raise
