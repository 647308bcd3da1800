"""`ctlab store`: look after what was generated, for years: list, check, weigh, clear, hand on, take in."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ctlab import formatting
from ctlab.commands import store_tables as tables
from ctlab.commands.command import Command, Group
from ctlab.commands.store_options import Tender, add_common, add_filters, add_gc, chosen
from ctlab.errors import InputError, StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One word after `ctlab store`."""

    name: str
    """The word."""
    help: str
    """What it does, in a line."""
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds its own arguments."""
    run: Callable[[Tender, argparse.Namespace], None]
    """Does it."""


def _ls(tender: Tender, options: argparse.Namespace) -> None:
    holdings = chosen(options).chosen(tender.holdings())
    _print(options, [holding.to_json() for holding in holdings], "holdings", tables.holdings(tender.root, holdings))


def _verify(tender: Tender, options: argparse.Namespace) -> None:
    from ctlab.store.survey import survey
    from ctlab.store.verifying import verify

    findings = list(verify(tender.root, tender.codes))
    files = list(survey(tender.root))
    _print(options, [asdict(finding) for finding in findings], "findings", tables.findings(files, findings))
    if damaged := [finding for finding in findings if finding.state.is_damage]:
        raise StoreError(
            f"{formatting.counted(len(damaged), 'file')} of {tender.root} cannot be relied on, first "
            f"{damaged[0].place}; a run of the claims sets damaged answers aside and makes again what is missing"
        )


def _size(tender: Tender, options: argparse.Namespace) -> None:
    from ctlab.store.sizes import sizes

    rows = sizes(tender.root, tender.known)
    _print(options, [row.to_json() for row in rows], "sizes", tables.sizes(rows))


def _gc(tender: Tender, options: argparse.Namespace) -> None:
    from ctlab.store.garbage import collect, plan

    policy = tender.policy(options)
    found = (collect if options.yes else plan)(tender.root, policy)
    rows = [{"path": removal.place, "size": removal.size, "reason": str(removal.reason)} for removal in found.removals]
    shown = tables.plan(found, policy, tender.registry_files, done=options.yes, listed=options.list)
    _print(options, rows, "removed" if options.yes else "would_remove", shown)


def _export(tender: Tender, options: argparse.Namespace) -> None:
    from ctlab.store.archive import checksum
    from ctlab.store.exporting import export

    if options.file.exists():
        raise InputError(f"{options.file} is there already; give another place, or remove it first")
    holdings = chosen(options).chosen(tender.holdings())
    files = export(tender.root, options.file, holdings, known=tender.known, codes=tender.codes)
    form = {"file": str(options.file), "sha256": checksum(options.file), "files": files}
    form |= {"size": options.file.stat().st_size, "answers": sum(holding.held for holding in holdings)}
    _print(options, form, "export", tables.exported(form, holdings))


def _import(tender: Tender, options: argparse.Namespace) -> None:
    from ctlab.store.importing import import_file

    done = import_file(tender.root, options.file, tables.say)
    _print(options, asdict(done), "import", tables.imported(options.file, tender.root, done))
    if done.differing:
        raise StoreError(
            f"{formatting.counted(len(done.differing), 'shard')} of {options.file} hold other answers than "
            f"{tender.root} under the same keys; what is here stays. Import it into an empty store to compare the two"
        )


def _print(options: argparse.Namespace, form: Any, name: str, lines: Sequence[str]) -> None:
    if options.json:
        print(json.dumps({name: form}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(lines))


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, a zip")


def _filters_and_file(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    add_filters(parser)


def _nothing(_: argparse.ArgumentParser) -> None:
    pass


ACTIONS = (
    Action(
        name="ls",
        help="list models, problem sets, conditions: rows held of rows wanted, last use, size",
        arguments=add_filters,
        run=_ls,
    ),
    Action(
        name="verify",
        help="read everything, say what is damaged, orphaned or of another version; change nothing",
        arguments=_nothing,
        run=_verify,
    ),
    Action(name="size", help="add up the files by model and by what they are for", arguments=_nothing, run=_size),
    Action(name="gc", help="show what the store can do without, and with --yes remove it", arguments=add_gc, run=_gc),
    Action(
        name="export",
        help="write answers and all that belongs to them into one file, which a paper can attach",
        arguments=_filters_and_file,
        run=_export,
    ),
    Action(
        name="import", help="check such a file as a whole and take in what is not here", arguments=_file, run=_import
    ),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in ACTIONS:
        own = actions.add_parser(action.name, help=action.help)
        STORE.prepare_action(own, action.name, action.help)
        add_common(own)
        action.arguments(own)
        own.set_defaults(action=action, parser=own)


def _run(options: argparse.Namespace) -> None:
    options.action.run(Tender(options), options)


STORE = Command(
    name="store",
    group=Group.KEEP,
    help="list, verify, weigh, clear, export and import what was generated",
    examples=(
        "ctlab store ls --model tiny",
        "ctlab store verify",
        "ctlab store size",
        "ctlab store gc --yes",
        "ctlab store export answers.zip --model tiny",
        "ctlab store import answers.zip",
    ),
    exit_codes="0 done; 1 something is damaged or cannot be written; 2 interrupted; 4 wrong use",
    arguments=_arguments,
    run=_run,
)
