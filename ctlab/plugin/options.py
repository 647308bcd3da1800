"""The options of the command line and the ini file; ``ctlab.settings`` reads and checks them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from ctlab.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting: ``--ctlab-NAME`` on the command line, ``ctlab_NAME`` in the ini file."""

    name: str
    """Name with hyphens, without prefix."""
    help: str
    """What it does, with the default."""
    metavar: str | None = None
    """Placeholder of the value; None for a switch."""
    where: Literal["both", "command line", "ini"] = "both"
    """Where it can be given."""
    many: bool = False
    """Whether it can be given more than once."""
    lines: bool = False
    """Whether the ini file has it as one text, of several lines where there are several: one alone stays a word."""


OPTIONS: tuple[Option, ...] = (
    Option(
        name="model",
        metavar="[NAME=]ID",
        many=True,
        lines=True,
        help="model: an embedded one ('tiny' by default), a folder, or a hub id; NAME=ID (repeatable) is the one that "
        "conditions call NAME, and NAME=ID?dtype=bfloat16&num_latent=7 says how it alone runs and is read",
    ),
    Option(name="base", metavar="ID", help="base model's config and tokenizer, where a checkpoint does not carry them"),
    Option(
        name="settings",
        metavar="KEY=VALUE",
        many=True,
        help="a key of the model's settings, over what is known and its ctlab.json (repeatable): num_latent=4",
    ),
    Option(
        name="problems",
        metavar="ID",
        help="'tiny' (embedded, default), 'tiny-2' to 'tiny-4', 'tiny-graphs', 'gsm8k', another set, or a path",
    ),
    Option(name="limit", metavar="N", help="the first N problems (default: all)"),
    Option(
        name="recorded",
        metavar="NAME=FILE",
        many=True,
        help="use recorded answers for the condition NAME instead of generating (repeatable), from a file in any known "
        "format; FILE?answer=COLUMN&filter=NAME says how it is read (docs/results.md)",
    ),
    Option(
        name="records",
        metavar="DIR",
        help="where published records lie, for a suite that is judged from these (default: nowhere, and it is skipped)",
    ),
    Option(name="store", metavar="DIR", help="where generations are kept (default: .ctlab/store)"),
    Option(name="report", metavar="DIR", help="where reports are written (default: reports)"),
    Option(name="no-history", help="keep no line of this run in history.jsonl beside the reports (default: keep one)"),
    Option(
        name="device", metavar="NAME", help="where to compute: cpu (default), cuda, or cuda:0,cuda:1 (a process each)"
    ),
    Option(name="dtype", metavar="NAME", help="float32 (default), bfloat16, float16 or float64"),
    Option(name="batch-tokens", metavar="N", help="most tokens in a batch (default: what fits the memory)"),
    Option(name="executor", metavar="NAME", help="where generations run: local (default), ray or slurm"),
    Option(
        name="ray-address",
        metavar="ADDRESS",
        help="Ray cluster to ask, HOST:PORT or auto (default: RAY_ADDRESS, else one of this machine alone)",
    ),
    Option(
        name="ray-cpus", metavar="N", help="CPUs of a Ray worker that computes on CPUs (default: 4, or all there are)"
    ),
    Option(
        name="slurm",
        metavar="KEY=VALUE",
        many=True,
        help="option of sbatch for the tasks of Slurm, such as partition=gpu or time=02:00:00 (repeatable)",
    ),
    Option(name="padding", metavar="NAME", help="exact (default), or as-published: as the official batched evaluation"),
    Option(name="max-new-tokens", metavar="N", help="most tokens of an answer (default: 64)"),
    Option(
        name="plan",
        where="command line",
        help="print what would be generated and judged, alpha, power and cost; generate nothing",
    ),
    Option(name="allow-pickle", help="load checkpoints that are pickles (default: refuse)"),
    Option(name="keep-states", help="keep raw hidden states (default: no)"),
    Option(
        name="accept",
        where="command line",
        help="accept this run's verdicts, of registered claims, into the registry",
    ),
    Option(
        name="register",
        where="command line",
        help="register the selected claims before their answers exist; generate nothing",
    ),
    Option(
        name="register-late",
        where="command line",
        help="enter claims whose answers exist already: they stay EXPLORATORY on these; generate nothing",
    ),
    Option(
        name="withdraw",
        metavar="ID=REASON",
        where="command line",
        many=True,
        help="withdraw a registered claim that is gone from the code, and say why (repeatable)",
    ),
    Option(
        name="confirmatory",
        help="fail if a claim was not registered before these answers were seen (default: flag it EXPLORATORY)",
    ),
    Option(
        name="gate",
        help="fail where no verdict is accepted for this model and set, as in CI (default: take the run for a look)",
    ),
    Option(
        name="strict", help="fail on every claim that is not SUPPORTED, accepted or not (default: pass as accepted)"
    ),
    Option(name="alpha", metavar="P", where="ini", help="alpha of every family (default: as registered, 0.05)"),
    Option(
        name="study-alpha",
        metavar="P",
        where="ini",
        help="alpha of all families together, divided among them evenly (default: each has its own)",
    ),
    Option(
        name="plain-junit",
        where="ini",
        help="leave claims' properties out of --junitxml, for readers that validate the file (default: no)",
    ),
    Option(
        name="registry",
        metavar="MODULE",
        where="ini",
        help="module with the families of claims; accepted verdicts lie beside it (default: hypotheses.registry)",
    ),
)


# In which pytest looks for its configuration, in its order.
_INI_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


def refuse_misread_values(config: pytest.Config) -> None:
    """Refuse a run whose ini file was missed because pytest took the value of an option of ours for a path of tests."""
    here = Path(config.invocation_params.dir)
    typed = [str(argument) for argument in config.invocation_params.args]
    with_value = {f"--ctlab-{option.name}" for option in OPTIONS if option.metavar is not None}
    flags = [argument for argument in typed if argument in with_value]
    missed = [name for name in _INI_FILES if (here / name).is_file()]
    if not flags or not missed or config.rootpath == here or {"-c", "--config-file", "--rootdir"} & set(typed):
        return
    first = (here / typed[0].partition("::")[0]).resolve()
    if first.exists() and first.is_relative_to(config.rootpath):  # a suite with an ini file of its own, named first
        return
    raise InputError(
        f"pytest took the value of {flags[0]} for a path of tests and so missed {here / missed[0]}; "
        f"write {flags[0]}=VALUE, or name the folder of the tests first"
    )


def add_options(parser: pytest.Parser) -> None:
    """Declare every option on the command line and in the ini file."""
    group = parser.getgroup("ctlab", "claims about continuous thoughts (ctlab)")
    for option in OPTIONS:
        key = "ctlab_" + option.name.replace("-", "_")
        if option.where != "ini":
            flag = f"--ctlab-{option.name}"
            if option.metavar is None:
                group.addoption(flag, dest=key, action="store_true", default=False, help=option.help)
            else:
                action = "append" if option.many else "store"
                group.addoption(flag, dest=key, action=action, default=None, metavar=option.metavar, help=option.help)
        if option.where != "command line":
            kind: Literal["bool", "linelist", "string"] = (
                "bool" if option.metavar is None else "linelist" if option.many and not option.lines else "string"
            )
            parser.addini(
                key, option.help, type=kind, default=None if kind == "string" else () if option.many else False
            )
