"""Locks and what is seen of a folder where a client of NFS stands in between; `nfs_client` says what it does."""

import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.store import GenerationStore
from tests.store.answers import answer, key

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="locks by open file description are Linux's"
)
ROOT = Path(__file__).parents[2]
KEYS = {name: key(name) for name in ("baseline", "ct0_blocked")}
IDS = tuple(f"p{i}" for i in range(8))
MACHINE = """
import sys, time
from pathlib import Path
from ctlab.files import listed
from ctlab.store import GenerationStore, locks
from tests.store.answers import Engine, key
from tests.store.nfs_client import Client
root = Path(sys.argv[1])
Client(root).install()
"""
ADDS = """
with locks.locked([root], "lock", "generating", print):
    listed(root)
    print("held", flush=True)
    sys.stdin.readline()
    (root / "answers").write_text("kept")
"""
LOOKS = """
if sys.argv[2] == "blind":
    locks.look_anew = lambda folder: 0.0
seen = []
def say(text):  # somebody watches the folder while this process waits
    if not seen:
        seen.append(listed(root))
        print("waits", flush=True)
locks._PATIENCE_S = 0.0
with locks.locked([root], "lock", "generating", say):
    print(*(path.name for path in listed(root)), flush=True)
"""
HOLDS = """
with locks.locked([root], "lock", "generating", print, shared=sys.argv[2] == "shared"):
    print("held", flush=True)
    sys.stdin.readline()
"""
TRIES = """
with locks.free(root, ["lock"]) as ours:
    print("free" if ours else "not free")
"""
COLLECTS = """
def slowly(missing):
    for batch in Engine()(missing):
        print("generated", *(f"{name}:{each.problem_id}" for name, run in batch.items() for each in run), flush=True)
        yield batch
        time.sleep(0.1)

keys = {name: key(name) for name in ("baseline", "ct0_blocked")}
GenerationStore(root, print).collect(keys, tuple(f"p{i}" for i in range(8)), slowly)
"""


def machine(script, *arguments):
    """Start a process that sees files as a client of NFS."""
    command = [sys.executable, "-c", MACHINE + script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def end(process):
    """Let a process that waits for a line go on; return what it has said since."""
    said, _ = process.communicate("\n", timeout=20)
    assert process.returncode == 0
    return said


@pytest.mark.parametrize("how", ["looks", "blind"])
def test_what_is_seen_of_a_folder_inside_its_lock_is_what_is_there(tmp_path, how):
    """Without looking anew, a process would not see what the holder before it added while it waited."""
    holder = machine(ADDS, tmp_path)
    assert holder.stdout.readline() == "held\n"
    waiter = machine(LOOKS, tmp_path, how)
    assert waiter.stdout.readline() == "waits\n"
    end(holder)
    assert ("answers" in end(waiter).split()) == (how == "looks")


def test_shared_locks_of_bytes(tmp_path):
    two = [machine(HOLDS, tmp_path, "shared") for _ in range(2)]
    assert [process.stdout.readline() for process in two] == ["held\n"] * 2
    assert end(machine(TRIES, tmp_path)) == "not free\n"
    end(two[0])
    two[1].kill()  # and what a killed process held is free
    two[1].communicate()
    assert end(machine(TRIES, tmp_path)) == "free\n"


@pytest.mark.parametrize(("mode", "said"), [("shared", "held"), ("alone", "(EBADF): the lock file belongs to another")])
def test_a_lock_file_that_can_only_be_read(tmp_path, mode, said):
    """Locked alone it needs to be open for writing; beside others, for reading (fcntl_locking(2))."""
    script = f"""
import os
from ctlab.errors import StoreError
real = os.open
def refuse(path, flags, *mode):
    if flags & os.O_RDWR and str(path).endswith("lock"):
        raise PermissionError(13, "Permission denied")
    return real(path, flags, *mode)
(root / "lock").touch()
locks.os.open = refuse
try:{HOLDS.replace(chr(10), chr(10) + "    ")}
except StoreError as error:
    print(error)
"""
    assert said in end(machine(script, tmp_path, mode))


def test_two_machines_at_once_generate_each_answer_once(tmp_path):
    both = [machine(COLLECTS, tmp_path) for _ in range(2)]
    said = "".join(map(end, both))
    pairs = [pair for line in said.splitlines() if line.startswith("generated") for pair in line.split()[1:]]
    assert sorted(pairs) == sorted(f"{name}:{each}" for name in KEYS for each in IDS)
    assert GenerationStore(tmp_path).read(KEYS, IDS) == {k: tuple(answer(k, each) for each in IDS) for k in KEYS}


def test_locks_that_hold_on_one_machine_only_lose_nothing(tmp_path):
    """Mounted with ``nolock`` or ``local_lock``, two machines work at once: twice, and whole."""
    script = "import fcntl\nfcntl.flock = lambda file, operation: None\n" + COLLECTS
    both = [machine(script, tmp_path) for _ in range(2)]
    said = "".join(map(end, both))
    assert "set aside" not in said
    assert GenerationStore(tmp_path).read(KEYS, IDS) == {k: tuple(answer(k, each) for each in IDS) for k in KEYS}
