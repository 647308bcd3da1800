"""What a whole `pytest` job over many recorded answers takes: its peak memory, its time, and where it is silent.

    python -m benchmarks.job_memory                               10,000 problems x 39 conditions
    python -m benchmarks.job_memory --problems 1000 10000 100000  a row each
    python -m benchmarks.job_memory --generated --problems 1000   answers of the embedded model, cold and then warm
    python -m benchmarks.job_memory -- -k ct0                     what follows -- is handed to pytest

Problems are the embedded ones with endings, worked solutions and all; answers are drawn, most of them shared with the
baseline, as a model's are. Prints a row a job, and with ``--stages S`` every time that the job went on for more than S
seconds without saying a word, with the memory at the end of it: what it said last stands beside.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ctlab

ROOT = Path(__file__).resolve().parent.parent
CONTROLS = ("baseline", "no_op", "ct0_self", "question_control_later", "question_control_answer")
SAME = ("no_op", "ct0_self")
"""Conditions whose answers are the baseline's."""
_MEBI = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time without a word."""

    seconds: float
    mib: float
    """Resident memory at its end."""
    after: str
    """What was said last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of `pytest hypotheses/`."""

    seconds: float
    processor: float
    """Seconds of processor time."""
    peak_mib: float
    """Most resident memory."""
    silences: tuple[Silence, ...]
    last: str
    """What pytest said last."""


def names(count: int) -> list[str]:
    """Return conditions of this suite that answers can be recorded for, controls first."""
    from fixtures.conditions import conditions

    own = [condition.name for condition in conditions() if not condition.model and condition.thinking == "latent"]
    return list(dict.fromkeys([*CONTROLS, *own]))[:count]


def problems(count: int) -> list[ctlab.Problem]:
    """Return up to 891,644 problems: each of the embedded ones with every ending of two letters."""
    return list(islice(_with_endings(), count))


def _with_endings() -> Iterator[ctlab.Problem]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    shipped = ctlab.load_problems("tiny")
    for ending in (first + second for first in letters for second in letters):
        for problem in shipped:
            yield ctlab.Problem(
                question=f"{problem.question} {ending}", gold=problem.gold_text, solution=problem.solution
            )


def write(folder: Path, asked: Sequence[ctlab.Problem], conditions: Sequence[str], seed: int = 0) -> list[str]:
    """Write problems and a file of answers a condition; return the options that have them read."""
    rng = random.Random(seed)
    with (folder / "problems.jsonl").open("w") as file:
        for problem in asked:
            row = {"question": problem.question, "answer": problem.solution}
            file.write(json.dumps(row) + "\n")
    undisturbed = [_answer(problem, rng, right=0.6) for problem in asked]
    options = [f"--ctlab-problems={folder / 'problems.jsonl'}"]
    for name in conditions:
        path, moves = folder / f"{name}.jsonl", _moves(name)
        with path.open("w") as file:
            for index, (problem, said) in enumerate(zip(asked, undisturbed, strict=True)):
                answer = _answer(problem, rng, right=0.3) if rng.random() < moves else said
                # With its condition: two of them need two files.
                row = {"problem_index": index, "output": answer, "of": name}
                file.write(json.dumps(row) + "\n")
        options.append(f"--ctlab-recorded={name}={path}")
    return options


def _moves(name: str) -> float:
    """How many answers a condition draws again: none of a no-op, few of a control."""
    return 0.0 if name in ("baseline", *SAME) else 0.01 if name in CONTROLS else 0.3


def _answer(problem: ctlab.Problem, rng: random.Random, *, right: float) -> str:
    gold = problem.gold_number.value
    way = rng.random()
    if way < right:
        value = gold
    elif way < 0.97:
        value = rng.choice([gold + 1, gold - 1, gold * 10, -gold, gold + 10, rng.randrange(1, 200), gold + 2])
    else:
        return rng.choice(["", "I do not know", "The answer is: 3 or 4", f"{gold} {gold} {gold}"])
    return f"The answer is: {value.numerator if value.denominator == 1 else float(value)}"


def run(options: Sequence[str], folder: Path, longest: float) -> Job:
    """Run the suite as a process, watching what it says and how much memory it holds."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "hypotheses/", "-v", "-p", "no:cacheprovider", *options]
    command += [f"--ctlab-store={folder / 'store'}", f"--ctlab-report={folder / 'reports'}"]
    began = said = time.perf_counter()
    silences, last = [], "start"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines: list[str] = []
        for line in process.stdout or ():
            now = time.perf_counter()
            if now - said > longest:
                silences.append(Silence(seconds=now - said, mib=_resident(process.pid), after=last))
            said = now
            if line.strip():
                last = line.strip()
                lines.append(last)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    (folder / "output.txt").write_text("\n".join(lines))
    return Job(
        seconds=time.perf_counter() - began,
        processor=used.ru_utime + used.ru_stime,
        peak_mib=used.ru_maxrss / 1024,
        silences=tuple(silences),
        last=last,
    )


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):  # it is over
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEBI


def main() -> None:
    """Print a row a job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, nargs="*", default=[10_000])
    parser.add_argument("--conditions", type=int, default=39)
    parser.add_argument("--generated", action="store_true", help="answers of the embedded model in place of recorded")
    parser.add_argument("--warm", action="store_true", help="run each job twice, the second with everything stored")
    parser.add_argument("--stages", type=float, default=2.0, metavar="S", help="longest silence that is not printed")
    parser.add_argument("--folder", type=Path, help="where files are written, and left (default: removed)")
    parser.add_argument("pytest", nargs="*", help="options of pytest, behind --")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for count in given.problems:
            folder = (given.folder or Path(temporary)) / f"{count}x{given.conditions}"
            folder.mkdir(parents=True)
            options = write(folder, problems(count), names(given.conditions))
            if given.generated:
                options = options[:1]
            for repeat in ("cold", "warm")[: 1 + (given.warm or given.generated)]:
                job = run([*options, *given.pytest], folder, given.stages)
                _show(job, f"{count:,} x {given.conditions}, {repeat}")


def _show(job: Job, what: str) -> None:
    print(
        f"{what}: peak {job.peak_mib:,.0f} MiB, {job.seconds:,.1f} s, {job.processor:,.1f} s of processor; {job.last}",
        flush=True,
    )
    for silence in job.silences:
        print(f"  {silence.seconds:7.1f} s  {silence.mib:7,.0f} MiB  after: {silence.after[:120]}", flush=True)


if __name__ == "__main__":
    main()
