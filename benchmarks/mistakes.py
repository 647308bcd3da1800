"""Mistakes that people make, each made as a user would make it, in a process of its own: message and exit code.

python -m benchmarks.mistakes                    every case of benchmarks/mistakes.toml
python -m benchmarks.mistakes mine.toml -k gzip  cases of another list (TOML or JSON) whose section or name holds "gzip"

A list holds a table for each case, in TOML `[[case]]`, in JSON `{"case": [{…}, …]}`:

    [[case]]
    section = "Files"                                  # optional
    name = "a byte order mark before problems"
    do = "pytest {suite} --ctlab-problems bom.jsonl"   # a shell command; its exit code is that of the last command
    files = {"bom.jsonl" = '{"question": "…", "gold": 6}'}   # text by path below the scratch folder (optional)
    want_exit = 0                                      # or a list of those that are right; 4 if left out
    want_words = ["of 1 problem", "too few"]           # regular expressions, all in one line of the output
    want_also = ["1 passed"]                           # each in some line (optional)
    want_not = ["100 problems"]                        # in no line (optional)

The command starts in a scratch folder of its own. Placeholders (`{suite}`, `{problems}`, …) stand for fresh copies of
what a user has; `benchmarks/mistakes_places.py` lists them. Upper and lower case are the same to a word. A case is
right when exit code and words are as stated, no line holds ``Traceback`` or ``INTERNALERROR``, and wrong use (exit
code 4) is said in at most a dozen lines. The exit code is 1 when some case is wrong, 4 when the list is.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.mistakes_places import Places
from ctlab.errors import InputError
from ctlab.inputs import read_json, read_toml
from ctlab.untrusted_text import visible

CASES = Path(__file__).with_name("mistakes.toml")
_MOST_LINES = 12
"""Lines that wrong use may take: one sentence, and what pytest or argparse says before it."""
_MOST_S = 300
"""A command that takes longer hangs: the slowest generates a hundred answers under eight conditions."""
_COLUMNS = "1000"
"""Width of the terminal: nothing is broken into lines, so that a line is a sentence."""
_HARM = re.compile(r"Traceback \(most recent call last\)|INTERNALERROR")
_RULED = " =!_"
_SAYS = re.compile(r"^(ERROR: |ctlab\b.*?: |E  +|\S*Error\b)", re.MULTILINE)
"""How a line begins that says what is wrong, where none of those was found that a case wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mistake, and what a person expects to come of it."""

    name: str
    do: str
    section: str = ""
    files: dict[str, str] = field(default_factory=dict)
    want_exit: int | list[int] = 4
    want_words: list[str] = field(default_factory=list)
    want_also: list[str] = field(default_factory=list)
    want_not: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a case."""

    exit: int
    message: str
    """The line that the case asks for; where there is none, the first that says something is wrong, or the last."""
    wrong: tuple[str, ...]
    """What is not as it should be; empty where the case is right."""
    seconds: float


def read_cases(path: Path) -> list[Case]:
    """Read a list; InputError names the case and what is wrong with it."""
    content = read_toml(path, error=InputError) if path.suffix == ".toml" else read_json(path, error=InputError)
    tables = content.get("case") if isinstance(content, dict) else None
    if not isinstance(tables, list) or not tables:
        raise InputError(f"{path}: a list of mistakes holds tables named `case`; see python -m benchmarks.mistakes -h")
    return [_case(table, f"{path}, case {number}") for number, table in enumerate(tables, 1)]


def _case(table: Any, where: str) -> Case:
    known = {item.name for item in fields(Case)}
    if not isinstance(table, dict) or not {"name", "do"} <= table.keys():
        raise InputError(f"{where}: a case is a table with `name` and `do`")
    if unknown := sorted(table.keys() - known):
        raise InputError(f"{where} ({table['name']}): unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    case = Case(**table)
    for word in (*case.want_words, *case.want_also, *case.want_not):
        try:
            re.compile(word)
        except re.error as error:
            raise InputError(f"{where} ({case.name}): {word!r} is no regular expression: {error}") from None
    return case


def come_of(case: Case, places: Places, folder: Path) -> Came:
    """Make a mistake in a new folder and hold what comes of it to what is wanted."""
    for name, text in case.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    code, output = _run(places.filled(case.do, folder), folder, {**places.environment(folder), "COLUMNS": _COLUMNS})
    (folder / ".output").write_text(f"$ {case.do}\n{output}\n[{code}]\n", encoding="utf-8")
    message, wrong = judged(case, code, output)
    return Came(exit=code, message=message, wrong=wrong, seconds=time.perf_counter() - started)


def _run(command: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=_MOST_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return 124, output.decode(errors="replace") + f"\nno end after {_MOST_S} s"
    return process.returncode, output.decode(errors="replace")


def judged(case: Case, code: int, output: str) -> tuple[str, tuple[str, ...]]:
    """Return the line that a case asks for, and all that is not as it should be."""
    bare = (line.strip(_RULED) for line in output.splitlines())  # pytest draws lines as wide as the terminal
    lines = [line for line in bare if line]
    asked = [line for line in lines if all(_holds(word, line) for word in case.want_words)]
    wanted = case.want_exit if isinstance(case.want_exit, list) else [case.want_exit]
    wrong = []
    if code not in wanted:
        wrong.append(f"exit code {code}, not {' or '.join(map(str, wanted))}")
    if harm := _HARM.search(output):
        wrong.append(harm[0].partition(" ")[0])
    if not asked and case.want_words:
        wrong.append(f"no line with {' and '.join(case.want_words)}")
    wrong += [f"no line with {word}" for word in case.want_also if not any(_holds(word, line) for line in lines)]
    wrong += [f"a line with {word}" for word in case.want_not if any(_holds(word, line) for line in lines)]
    if code == 4 and len(lines) > _MOST_LINES:
        wrong.append(f"{len(lines)} lines for wrong use")
    says = asked if asked and case.want_words else [line for line in lines if _SAYS.match(line)]
    return (says[0] if says else lines[-1] if lines else "").strip(), tuple(wrong)


def _holds(word: str, line: str) -> bool:
    return re.search(word, line, re.IGNORECASE) is not None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a list and print its table; 1 when some case is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", nargs="?", type=Path, default=CASES, help="TOML or JSON; default: %(default)s")
    parser.add_argument("-k", metavar="WORD", default="", help="only cases whose section or name holds WORD")
    parser.add_argument("--folder", type=Path, help="keep scratch folders, each with its `.output`; default: a new one")
    chosen = parser.parse_args(arguments)
    try:
        cases = read_cases(chosen.list)
    except InputError as error:
        print(error, file=sys.stderr)
        return 4
    cases = [case for case in cases if chosen.k.casefold() in f"{case.section} {case.name}".casefold()]
    with tempfile.TemporaryDirectory(prefix="mistakes-", ignore_cleanup_errors=True) as temporary:
        return _print_all(cases, chosen.folder.resolve() if chosen.folder else Path(temporary).resolve())


def _print_all(cases: Sequence[Case], root: Path) -> int:
    places, wrong = Places(root), 0
    scratch = Path(tempfile.mkdtemp(prefix="cases-", dir=_made(root)))
    numbered = enumerate(cases, 1)
    for section, members in groupby(numbered, lambda pair: pair[1].section):
        print(f"\n## {section or 'Cases'}\n\n| case | right | exit | message |\n| --- | --- | --- | --- |", flush=True)
        for number, case in members:
            came = come_of(case, places, scratch / str(number))
            wrong += bool(came.wrong)
            said = visible(came.message.replace(str(scratch / str(number)), "…")).replace("|", "\\|")
            right = f"WRONG: {'; '.join(came.wrong)}" if came.wrong else "right"
            print(f"| {case.name.replace('|', chr(92) + '|')} | {right} | {came.exit} | {said} |", flush=True)
    print(f"\n{len(cases) - wrong} of {len(cases)} right")
    return 1 if wrong else 0


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
