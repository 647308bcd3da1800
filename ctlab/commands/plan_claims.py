"""`ctlab plan`: what `pytest --ctlab-plan` says, and nothing else of pytest's."""

import argparse
import subprocess
import sys
from pathlib import Path

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.errors import InputError

_DESCRIPTION = """\
Say what a run of the claims would generate and judge, at which α, which effects it could find, and what it would take;
generate nothing. The same as pytest --ctlab-plan, which takes every other option too."""
_OPTIONS = {
    "model": ("ID", "model: 'tiny' (embedded), a folder, or a hub id"),
    "problems": ("ID", "problem set: 'tiny' (embedded), 'gsm8k', another set, or a file"),
    "limit": ("N", "the first N problems"),
}
"""Options that are passed on: ``--limit`` is pytest's ``--ctlab-limit``, with its default and its checks."""
# https://docs.pytest.org/en/stable/reference/exit-codes.html
_PYTEST_FOUND_NOTHING = 5


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="folder of the suite (default: as for pytest, this one)"
    )
    parser.add_argument("-k", dest="keyword", metavar="EXPRESSION", help="only these claims, as for pytest -k")
    for name, (metavar, about) in _OPTIONS.items():
        parser.add_argument(f"--{name}", metavar=metavar, help=about)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.folder is not None:
        _check(arguments.folder)
    # A process of its own, as `pytest` is (-P: without the current folder on the path): what a suite's files do to the
    # interpreter ends with it.
    done = subprocess.run([sys.executable, "-P", "-m", "pytest", *_typed(arguments)], capture_output=True)
    printed, said = (stream.decode("utf-8", "replace").strip("\n") for stream in (done.stdout, done.stderr))
    if done.returncode == _PYTEST_FOUND_NOTHING:
        selected = f" that -k {arguments.keyword!r} selects" if arguments.keyword is not None else ""
        raise InputError(
            f"no claim{selected} was found in {arguments.folder or Path.cwd()}; give the folder of a suite, or begin "
            f"one with ctlab new"
        )
    if said:
        print(said, file=sys.stderr, flush=True)
    if printed:
        say(printed)
    return done.returncode


def _check(folder: str) -> None:
    advice = "give the folder of a suite, or begin one with ctlab new"
    place = Path(folder)
    if not folder.strip() or not place.exists():
        raise InputError(f"{folder or 'a folder without a name'} does not exist; {advice}")
    if not place.is_dir() and place.suffix != ".py":
        raise InputError(f"{folder} is neither a folder nor a file of tests; {advice}")


def _typed(arguments: argparse.Namespace) -> list[str]:
    """Return what is typed for pytest; twice quiet, it says nothing of its own unless something is wrong."""
    given = {name: getattr(arguments, name) for name in _OPTIONS}
    return [
        "-qq",
        "--ctlab-plan",
        *(f"--ctlab-{name}={value}" for name, value in given.items() if value is not None),
        *([f"-k={arguments.keyword}"] if arguments.keyword is not None else []),
        *([arguments.folder] if arguments.folder is not None else []),
    ]


PLAN = Command(
    name="plan",
    group=Group.RUN,
    help="say what a run would generate and judge, and could find",
    description=_DESCRIPTION,
    examples=("ctlab plan", "ctlab plan my-paper --problems gsm8k --limit 300"),
    exit_codes="0 done; 2 interrupted, or a file of the suite is broken; 4 wrong use",
    arguments=_arguments,
    run=_run,
)
