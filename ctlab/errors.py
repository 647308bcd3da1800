"""Every exception that ctlab raises on purpose.

CtlabError
├── InputError                what the user gave cannot be used; said once, before any work (pytest: exit code 4)
│   ├── CheckpointError       a model's files
│   ├── ProblemSetError       a problem set or a row of it
│   ├── RecordedError         recorded answers that do not fit the problem set
│   ├── ConditionError        an intervention or condition
│   ├── StatisticsError       counts, margins, levels
│   │   └── AnswerKindError   a measure of numbers on problems whose answers are none: its claim is skipped
│   └── RegistryError         registry.py or registry.toml
├── PairingError              two runs that are not the same problems, once each
├── ClaimError                a claim test that breaks the rules of claim tests
├── StoreError                stored generations that cannot be read or written
│   ├── NoStoreError          a folder that was named and is no store: an InputError too
│   ├── ReadOnlyStoreError    what is missing in a store that can only be read
│   └── UnreadableError       a file that the system does not let be read: nothing is known of it (pytest: exit code 4)
└── CertificateError          an intervention that did not do what its data says

CtlabDeprecationWarning       an old public name was used; it works in this release and not in the next
"""

from ctlab.untrusted_text import visible


class CtlabError(Exception):
    """Base of everything that ctlab raises on purpose."""

    def __str__(self) -> str:
        """The sentence, in which a name or a value out of somebody's file can give a terminal no orders."""
        return visible(super().__str__())


class InputError(CtlabError, ValueError):
    """What the user gave cannot be used."""


class CheckpointError(InputError):
    """A model's files cannot be loaded exactly."""


class ProblemSetError(InputError):
    """A problem set or one of its rows is malformed."""


class RecordedError(InputError):
    """Recorded answers do not fit the problem set."""


class ConditionError(InputError):
    """An intervention or condition is not well formed for the model at hand."""


class StatisticsError(InputError):
    """Counts, margins or levels that no result may come from."""


class AnswerKindError(StatisticsError):
    """What is measured exists for answers of another kind only; a claim about it is skipped, not wrong."""


class RegistryError(InputError):
    """The registry of claims is inconsistent."""


class PairingError(CtlabError, ValueError):
    """Two runs do not hold the same problems, once each, in the same order."""


class ClaimError(CtlabError):
    """A claim test breaks the rules of claim tests."""


class StoreError(CtlabError):
    """Stored generations cannot be read or written."""


class ReadOnlyStoreError(StoreError):
    """A store that can only be read lacks what would have to be made."""


class NoStoreError(StoreError, InputError):
    """There is no store where one was named."""


class UnreadableError(StoreError):
    """The system does not let a file be read; whether it is damaged is not known, so that nothing is made again."""


class CertificateError(CtlabError):
    """An intervention did not do what its data says."""


class CtlabDeprecationWarning(DeprecationWarning):
    """An old public name of ctlab was used; a class of its own, so that ``filterwarnings = error`` can spare it."""
