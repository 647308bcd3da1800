import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ctlab.errors import StoreError
from ctlab.records import RunKey
from ctlab.store import GenerationStore, locks
from ctlab.store.locks import check_lockable, locked

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from ctlab.store.locks import locked
with locked([Path(sys.argv[1])], "lock", "generating", print, shared=sys.argv[2] == "True"):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(folder, *, shared=False):
    """Start another process that holds the lock; it is killed by the test."""
    command = [sys.executable, "-c", HOLDER, str(folder), str(shared)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def open_files():
    """How many files this process has open; 0 where the system does not say."""
    return len(list(Path("/proc/self/fd").glob("*")))


def lock(folder, say=lambda text: None):
    with locked([folder], "lock", "generating", say):
        return (folder / "lock").read_text()


def test_a_lock_says_who_holds_it_and_is_had_again(tmp_path):
    assert lock(tmp_path).startswith(f"process {os.getpid()} on ")
    assert lock(tmp_path).startswith(f"process {os.getpid()} on ")


def test_waiting_names_the_holder_and_ends_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(locks, "_SAY_S", 0.2)
    holder, said = hold(tmp_path), []

    def say(text):
        said.append(text)
        if len(said) == 2:
            holder.kill()  # what a killed process held is free at once

    lock(tmp_path, say)
    holder.communicate()
    assert len(said) >= 2
    assert said[0].startswith(f"process {holder.pid} on ")
    assert said[0].endswith(f" is generating into {tmp_path}; waiting for it")


def test_shared_locks_are_held_beside_each_other_and_not_beside_another(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(locks, "_SAY_S", 0.2)
    sharers, said = [hold(tmp_path, shared=True) for _ in range(2)], []
    with locked([tmp_path], "lock", "generating", said.append, shared=True):
        assert said == []
        with locks.free(tmp_path, ["lock"]) as ours:
            assert not ours

    def say(text):
        said.append(text)
        sharers[len(said) - 1].kill()  # the lock is had when the last of them has gone

    lock(tmp_path, say)
    assert len(said) == 2
    assert said[0].endswith(f" and perhaps others is generating into {tmp_path}; waiting for it")
    alone = hold(tmp_path)
    with pytest.raises(RuntimeError), locked([tmp_path], "lock", "generating", interrupt, shared=True):
        pass
    for process in (*sharers, alone):
        process.kill()
        process.communicate()


def interrupt(text):
    raise RuntimeError(text)


def test_who_holds_a_lock_is_told_when_the_file_server_lost_it(tmp_path, monkeypatch):
    """nfs.recover_lost_locks is off by default: what is written into a file whose lock was lost fails with EIO."""
    with locked([tmp_path], "lock", "generating", print) as held:
        signed = (tmp_path / "lock").read_text()
        held.check()
        assert (tmp_path / "lock").read_text() == signed

        def lost(file):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr("ctlab.store.locks.os.fsync", lost)
        with pytest.raises(StoreError, match=r"was lost while it was held \(EIO.*run again"):
            held.check()


def test_nothing_waits_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_LONGEST_S", 0.3)
    holder = hold(tmp_path)
    try:
        with pytest.raises(
            StoreError, match=rf"has been held for more than .* by process {holder.pid} on .*; end that"
        ):
            lock(tmp_path)
    finally:
        holder.kill()
        holder.communicate()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"process \x1b[31m", b"x" * 10_000])
def test_a_file_that_names_nobody_is_another_process(tmp_path, monkeypatch, content):
    monkeypatch.setattr(locks, "_PATIENCE_S", 0.0)
    (tmp_path / "lock").write_bytes(content)
    file, said = os.open(tmp_path / "lock", os.O_RDWR), []
    fcntl.flock(file, fcntl.LOCK_EX)

    def say(text):
        said.append(text)
        os.close(file)

    lock(tmp_path, say)
    assert said == [f"another process is generating into {tmp_path}; waiting for it"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.ENOLCK, "its file system gives no locks"),
        (errno.EIO, "reading or writing failed"),
        (errno.ESTALE, "the network file system lost the file"),
        (errno.EOPNOTSUPP, "its file system has no locks; choose a folder on a local disk"),
        (errno.ENOSYS, "its file system has no locks; choose a folder on a local disk"),
        (errno.EACCES, "the lock file belongs to another user"),
        (errno.EBADF, "the lock file belongs to another user"),
        (errno.EMFILE, "too many files open"),
        (errno.EXDEV, os.strerror(errno.EXDEV)),
    ],
    ids=lambda value: errno.errorcode.get(value, "") if isinstance(value, int) else "",
)
@pytest.mark.parametrize("call", ["fcntl.flock", "os.open"])
def test_what_cannot_be_locked_is_one_sentence_at_once(tmp_path, monkeypatch, code, why, call):
    def refuse(*args):
        raise OSError(code, os.strerror(code))

    before = open_files()
    monkeypatch.setattr(locks, "check_writable", lambda folder: None)
    monkeypatch.setattr(f"ctlab.store.locks.{call}", refuse)
    began, said = time.monotonic(), []
    with pytest.raises(StoreError) as caught:
        lock(tmp_path, said.append)
    monkeypatch.undo()
    message = str(caught.value)
    assert message.startswith(f"cannot lock {tmp_path} with lock (E")
    assert why in message
    assert "\n" not in message
    assert said == []  # nobody else is blamed
    assert time.monotonic() - began < 1.0
    assert open_files() == before


def test_a_full_disk_does_not_forbid_a_lock(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("ctlab.store.locks.os.pwrite", full)
    assert lock(tmp_path) == ""


def test_a_full_disk_where_there_is_no_lock_file_yet(tmp_path, monkeypatch):
    real = os.open

    def full(path, flags, *mode):
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *mode)

    monkeypatch.setattr(locks, "check_writable", lambda folder: None)
    monkeypatch.setattr("ctlab.store.locks.os.open", full)
    with pytest.raises(StoreError, match=r"\(ENOSPC\): the disk is full; make room"):
        lock(tmp_path)


def test_what_is_no_lock_file_is_refused_and_neither_followed_nor_waited_for(tmp_path):
    (tmp_path / "target").write_text("mine")
    for make, why in (
        (lambda place: place.symlink_to(tmp_path / "target"), "the lock file is a link; remove it"),
        (os.mkfifo, "a pipe or a device; remove it"),
        (Path.mkdir, "the lock file is a folder; remove it"),
    ):
        make(tmp_path / "lock")
        with pytest.raises(StoreError, match=why):
            lock(tmp_path)
        (tmp_path / "lock").rmdir() if (tmp_path / "lock").is_dir() else (tmp_path / "lock").unlink()
    assert (tmp_path / "target").read_text() == "mine"


FOREIGN = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from ctlab.errors import StoreError
from ctlab.store import locks
os.setgid(65534), os.setuid(65534)  # after the imports: Python itself may lie where others cannot read
locks.check_writable = lambda folder: None
try:
    with locks.locked([Path(sys.argv[1])], "lock", "generating", print):
        print("held")
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("mode", "said"), [(0o644, "held"), (0o666, "held"), (0o600, "(EACCES): the lock file belongs to")]
)
def test_a_lock_file_of_another_owner(tmp_path_factory, mode, said):
    """One that may be read can be locked; one that may not is a sentence at once, and no other process is blamed."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "lock").write_text("")
        (folder / "lock").chmod(mode)
        command = [sys.executable, "-c", FOREIGN, name, str(ROOT)]
        result = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=20, check=False)
    assert said in result.stdout, result.stderr


def test_a_lock_file_that_is_deleted_meanwhile_is_not_the_lock(tmp_path, monkeypatch):
    """Two processes would otherwise hold two locks of one name."""
    real, deleted = fcntl.flock, []

    def flock(file, operation):
        real(file, operation)
        if not deleted:
            deleted.append((tmp_path / "lock").unlink())

    monkeypatch.setattr("ctlab.store.locks.fcntl.flock", flock)
    with locked([tmp_path], "lock", "generating", print):
        monkeypatch.undo()
        other = os.open(tmp_path / "lock", os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)


def test_a_store_that_cannot_be_locked_is_said_before_any_work(tmp_path, monkeypatch):
    check_lockable(tmp_path, "lock")

    def refuse(*args):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("ctlab.store.locks.fcntl.flock", refuse)
    with pytest.raises(StoreError, match="cannot lock"):
        GenerationStore(tmp_path).check(RunKey(model="m", condition="c", decoding="d", engine="1"))
    monkeypatch.undo()
    holder = hold(tmp_path)  # that another process is at work is no reason to refuse
    try:
        check_lockable(tmp_path, "lock")
    finally:
        holder.kill()
        holder.communicate()
