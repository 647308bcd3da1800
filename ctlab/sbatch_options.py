"""What tasks of Slurm ask for: options of ``sbatch`` by their long names, checked before anything is submitted."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.key_values import key_values

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_OURS = {
    "array": "how many tasks there are follows from what is missing; tasks=N says how many at once",
    "nodes": "a task is one process on one machine; tasks=N says how many at once",
    "ntasks": "a task is one process on one machine; tasks=N says how many at once",
    "ntasks-per-node": "a task is one process on one machine; tasks=N says how many at once",
    "output": "logs lie beside the record of the job",
    "error": "logs lie beside the record of the job",
    "open-mode": "logs lie beside the record of the job",
    "job-name": "it is ctlab's, which finds its jobs by it",
    "signal": "what a task has finished is kept without being warned",
    "wrap": "what a task does is ctlab's",
    "wait": "ctlab waits, and may be interrupted",
}
"""What ctlab says itself, and why."""


def sbatch_options(name: str, given: str | Iterable[str] | Mapping[str, Any] | None) -> dict[str, str]:
    """Read each ``KEY=VALUE``; an option without a value, such as ``exclusive``, has the value true.

    ``tasks`` is the one key that is not an option of ``sbatch``: the most tasks at once. InputError where a key is no
    long option's name, or one that ctlab gives itself.
    """
    options: dict[str, str] = {}
    given = [given] if isinstance(given, str) and given else given  # of a notebook
    for key, value in key_values(name, given, example="partition=gpu").items():
        option = str(key).removeprefix("--").replace("_", "-")
        if not _NAME.match(option):
            raise InputError(f"{name}: {shown(key)} is no long option of sbatch; write it as partition=gpu")
        if option in _OURS:
            raise InputError(f"{name} {option}: {_OURS[option]}; leave it out")
        if option in options:
            raise InputError(f"{name} says {option} twice; leave one out")
        text = "true" if value is True else str(value)
        if not text or not text.isprintable():
            raise InputError(f"{name} {option}: {shown(value)} is no value of one line")
        if option == "tasks" and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1000):
            raise InputError(f"{name} tasks must be a whole number from 1 to 1000, not {shown(value)}")
        options[option] = text
    return options
