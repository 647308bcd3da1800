"""Slurm as far as arrays need it: tasks are processes of this machine, and what is known of them are files.

``install`` puts sbatch, squeue, sacct, scancel and srun into a folder; ``$FAKE_SLURM`` is where they keep what they
know. ``$FAKE_SLURM_AT_ONCE`` tasks run at once.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

COMMANDS = ("sbatch", "squeue", "sacct", "scancel", "srun")


def install(folder: Path) -> None:
    """Write the commands into a folder."""
    folder.mkdir()
    for name in COMMANDS:
        (folder / name).write_text(f'#!/bin/sh\nexec {sys.executable} {__file__} {name} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)


def known() -> Path:
    return Path(os.environ["FAKE_SLURM"])


def put(task: str, state: str, process: int = 0) -> None:
    path = known() / f"{task}.state"
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(f"{state} {process}", encoding="utf-8")
    beside.replace(path)


def tasks() -> dict[str, tuple[str, int]]:
    """Every task with its state and its process."""
    found = {path.stem: path.read_text(encoding="utf-8").split() for path in known().glob("*.state")}
    return {task: (state, int(process)) for task, (state, process) in sorted(found.items())}


def sbatch(script: str) -> None:
    text = Path(script).read_text(encoding="utf-8")
    options = dict(re.findall(r"^#SBATCH --([\w-]+)=?(.*)$", text, re.MULTILINE))
    if options.get("partition") == "nowhere":
        sys.exit("sbatch: error: invalid partition specified: nowhere")
    number = str(1 + len(list(known().glob("*.sh"))))
    copy = known() / f"{number}.sh"
    copy.write_text(text, encoding="utf-8")
    first, last = 0, -1
    if array := options.get("array"):
        first, last = map(int, shlex.split(array)[0].partition("%")[0].split("-"))
    ids = [f"{number}_{index}" for index in range(first, last + 1)] or [number]
    for task in ids:
        put(task, "PENDING")
    subprocess.Popen(
        [sys.executable, __file__, "slurmd", str(copy), *ids],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(f"Submitted batch job {number}")


def slurmd(script: str, *ids: str) -> None:
    """Run the tasks of one job."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    waiting = list(ids)
    at_once = int(os.environ.get("FAKE_SLURM_AT_ONCE", "2"))
    while waiting or running:
        for task, process in list(running.items()):
            if (code := process.poll()) is not None:
                if tasks()[task][0] == "RUNNING":
                    put(task, "FAILED" if code else "COMPLETED")
                del running[task]
        for task in [each for each in waiting if tasks()[each][0] != "PENDING"]:
            waiting.remove(task)
        while waiting and len(running) < at_once:
            task = waiting.pop(0)
            job, _, index = task.partition("_")
            more = {"SLURM_ARRAY_JOB_ID": job, "SLURM_ARRAY_TASK_ID": index} if index else {}
            environment = {**os.environ, "SLURM_JOB_ID": job, "SLURM_NTASKS": "1", **more}
            process = subprocess.Popen(["bash", script], env=environment, start_new_session=True)
            running[task] = process
            put(task, "RUNNING", process.pid)
        time.sleep(0.02)


def end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def srun(*arguments: str) -> None:
    job, index = os.environ["SLURM_JOB_ID"], os.environ.get("SLURM_ARRAY_TASK_ID", "")
    names = {"%A": job, "%a": index, "%j": job, "%t": "0"}
    rest, streams = list(arguments), {"--output": 1, "--error": 2}
    while rest[0].startswith("--"):
        option = rest.pop(0)
        if option in streams:
            place = re.sub("%[Aajt]", lambda found: names[found.group()], rest.pop(0))
            os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), streams[option])
    os.execvp(rest[0], rest)


def squeue(*arguments: str) -> None:
    for task, (state, _) in tasks().items():
        if state in ("PENDING", "RUNNING"):
            print(f"{task}|{state}")


def sacct(*arguments: str) -> None:
    if "-j" in arguments:  # as submitit asks, which waits for one task
        asked = [job for option, job in pairwise(arguments) if option == "-j"]
        print("JobID|State|NodeList")
    else:
        asked = next(each for each in arguments if each.startswith("--jobs=")).partition("=")[2].split(",")
    for task, (state, _) in tasks().items():
        if task in asked:
            print(f"{task}|{state}|here" if "-j" in arguments else f"{task}|{state}")


def scancel(*jobs: str, state: str = "CANCELLED") -> None:
    """End tasks; ``state`` says why, such as TIMEOUT."""
    for task, (before, process) in tasks().items():
        if (task in jobs or task.partition("_")[0] in jobs) and before in ("PENDING", "RUNNING"):
            put(task, state)
            if process:
                end(process)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
