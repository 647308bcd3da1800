"""Options of `ctlab store`, and what they mean: which store, which registries, which answers, what may go."""

import argparse
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab.commands.pytest_ini import settings_here
from ctlab.errors import InputError

if TYPE_CHECKING:
    from ctlab.claims import Registry
    from ctlab.store.holdings import Filter, Holding
    from ctlab.store.names import Known
    from ctlab.store.removal import Policy

UNUSED_DAYS = 30
LEAST_UNUSED_DAYS = 2
"""A run notes the day on which it begins: what was last read yesterday may be in use."""
OLDER_THAN_DAYS = 1.0


class Tender:
    """The store that is meant, and what is known of what it holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._settings, self._ini_root = settings_here(Path.cwd(), store=options.store)

    @property
    def root(self) -> Path:
        """Folder of the store."""
        return self._settings.store

    @cached_property
    def registry_files(self) -> tuple[Path, ...]:
        """Registries that were given, else the one beside the module that pytest's ini file names, if it is there."""
        if self._options.registry:
            return tuple(self._options.registry)
        return tuple(file for file in [self._settings_registry] if file.is_file())

    @property
    def _settings_registry(self) -> Path:
        return self._ini_root / Path(*self._settings.registry.split(".")).with_suffix(".toml")

    @cached_property
    def known(self) -> "Known":
        """Names of what the registries name, and of what ships with ctlab."""
        from ctlab.lab.tending import known_by

        return known_by(self._registries)

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Code of today by kind of derived value."""
        from ctlab.lab.tending import codes_of_today

        return codes_of_today()

    @cached_property
    def _registries(self) -> "Sequence[Registry]":
        from ctlab.lab.tending import read_registries

        return read_registries(self.registry_files)

    def holdings(self) -> "list[Holding]":
        """What the store holds."""
        from ctlab.store.holdings import holdings

        return holdings(self.root, self.known)

    def policy(self, options: argparse.Namespace) -> "Policy":
        """What may go, as it was asked for."""
        from ctlab.lab.tending import protected_by
        from ctlab.store.choice import choices
        from ctlab.store.removal import DAY_S, Policy

        if not options.answers:
            if not chosen(options).everything:
                raise InputError("--model, --problems, --condition and --run choose answers; add --answers")
            return Policy(codes=self.codes, older_than=options.older_than * DAY_S)
        if not self.registry_files and not options.no_registry:
            raise InputError(
                f"no registry is at {self._settings_registry}, and answers that one names must stay; give --registry "
                f"FILE, or --no-registry where nobody ever registered a claim on what is here"
            )
        meant = choices(self.root, chosen(options).chosen(self.holdings()), self.known)
        return Policy(
            codes=self.codes,
            older_than=options.older_than * DAY_S,
            answers={choice.folder.name: choice for choice in meant},
            unused_days=options.unused,
            protected=protected_by(self._registries),
        )


def chosen(options: argparse.Namespace) -> "Filter":
    """Return which holdings are meant."""
    from ctlab.store.holdings import Filter

    return Filter(
        models=tuple(options.model),
        problems=tuple(options.problems),
        conditions=tuple(options.condition),
        runs=tuple(options.run_digest),
    )


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add what every action takes."""
    parser.add_argument(
        "--ctlab-store", dest="store", metavar="DIR", help="the store (default: as for pytest, .ctlab/store)"
    )
    parser.add_argument(
        "--registry",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a registry.toml: it names models and problems, and protects their answers (repeatable; default: the one "
        "that pytest would use here)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add what chooses holdings; each can be given more than once."""
    for flag, dest, what in (
        ("--model", "model", "of this model"),
        ("--problems", "problems", "of this problem set"),
        ("--condition", "condition", "of this condition"),
        ("--run", "run_digest", "of this run, by its digest"),
    ):
        of = "NAME" if flag != "--run" else "DIGEST"
        parser.add_argument(flag, dest=dest, action="append", default=[], metavar=of, help=f"only what is {what}")


def add_gc(parser: argparse.ArgumentParser) -> None:
    """Add what `gc` takes."""
    add_filters(parser)
    parser.add_argument("--yes", action="store_true", help="remove it (default: only show what would go)")
    parser.add_argument("--list", action="store_true", help="name every file")
    parser.add_argument(
        "--older-than",
        type=_days,
        default=OLDER_THAN_DAYS,
        metavar="DAYS",
        help=f"keep files that are younger ({OLDER_THAN_DAYS:g})",
    )
    parser.add_argument("--answers", action="store_true", help="also answers that nobody has read for long")
    parser.add_argument(
        "--unused",
        type=_unused,
        default=UNUSED_DAYS,
        metavar="DAYS",
        help=f"with --answers: days since they were read ({UNUSED_DAYS}; at least {LEAST_UNUSED_DAYS})",
    )
    parser.add_argument("--no-registry", action="store_true", help="with --answers: no registry protects any")


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days < 1e6:
        raise argparse.ArgumentTypeError(f"must be a number of days from 0, not {text!r}")
    return days


def _unused(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= LEAST_UNUSED_DAYS):
        raise argparse.ArgumentTypeError(
            f"must be a whole number of days from {LEAST_UNUSED_DAYS} (what was read yesterday may be in use), "
            f"not {text!r}"
        )
    return int(text)
