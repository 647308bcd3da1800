"""No command asks the network for anything, whatever HF_HUB_OFFLINE says; a hook in every process sees to it.

The hook counts what Python asks for: connections and names. Compiled code that opens a socket itself would pass by it;
of the libraries here only huggingface_hub's download does, which a hub id alone starts.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.models.checkpoints.checkpoint_files import TINY
from tests.models.checkpoints.making_checkpoints import write_coconut, write_codi

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("offline")


@pytest.fixture
def run(work):
    """Run a Python without any offline switch; return its output after nothing was asked of the network."""
    seen = work / "network"

    def call(*command, codes=(0,)):
        seen.unlink(missing_ok=True)
        away = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
        environment = {key: value for key, value in os.environ.items() if key not in away}
        environment |= {"PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)]), "CTLAB_TEST_NETWORK": str(seen)}
        environment |= {"HF_HOME": str(work / "hub"), "MPLCONFIGDIR": str(work / "matplotlib")}
        done = subprocess.run(
            [sys.executable, *map(str, command)], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert not seen.exists(), seen.read_text()
        assert done.returncode in codes, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    return call


def suite(work, which, *more):
    places = [f"--ctlab-{name}={work / name}" for name in ("store", "report")]
    return ["-m", "pytest", "hypotheses", "-q", "-p", "no:cacheprovider", "-k", which, *places, *more]


@pytest.mark.parametrize(
    "call", ["socket.getaddrinfo('huggingface.co', 443)", "socket.create_connection(('1.1.1.1', 80), 1)"]
)
def test_the_hook_sees_what_it_must(run, call):
    with pytest.raises(AssertionError, match=r"socket\.(getaddrinfo|connect) (huggingface\.co|1\.1\.1\.1)"):
        run("-c", f"import contextlib, socket\nwith contextlib.suppress(OSError): {call}")
    run("-c", "import socket; socket.getaddrinfo('localhost', 80)")


@pytest.mark.slow
def test_a_claim_is_measured_certified_judged_and_reported(run, work):
    run(*suite(work, "test_ct0_is_a_hub", "--ctlab-limit=20"), codes=(0, 1))  # of so few problems, claims are red
    assert (work / "report" / "latest" / "index.html").is_file()


@pytest.mark.long
def test_claims_and_what_is_made_of_their_report(run, work):
    sixty = ("test_ct0", "--ctlab-limit=60")  # too few for claims that exchange thoughts of problems alike
    run(*suite(work, *sixty, "--ctlab-plan"))
    for _ in ("generated", "from the store"):
        run(*suite(work, *sixty), codes=(0, 1))
    latest = work / "report" / "latest"
    assert (latest / "index.html").is_file()
    run("-m", "ctlab.reporting", latest)
    run("-m", "ctlab.reporting.compare", latest, latest)
    run("-m", "ctlab", "audit", latest, "--output", work / "audit.csv")
    run("-m", "ctlab", "--help")
    run("-m", "ctlab", "registry", "migrate", "--dry-run")
    run("-m", "ctlab.reporting.model")


@pytest.mark.slow
def test_registering(run, work):
    suite_of_its_own = work / "registering"
    for name in ("hypotheses", "fixtures"):
        shutil.copytree(ROOT / name, suite_of_its_own / name)
    for name in ("conftest.py", "pytest.ini"):
        shutil.copy(ROOT / name, suite_of_its_own / name)
    (suite_of_its_own / "hypotheses" / "registry.toml").unlink()
    ours = suite_of_its_own / "hypotheses"
    run(
        "-m", "pytest", ours, f"--rootdir={suite_of_its_own}", "-c", suite_of_its_own / "pytest.ini", "--ctlab-register"
    )
    assert (ours / "registry.toml").is_file()


LOAD = """
import sys
from ctlab import load_model
from ctlab.models import model_digest
for folder in sys.argv[1:]:
    model = load_model(folder, allow_pickle=True)
    assert model.digest == model_digest(folder, allow_pickle=True)
    model.decode(model.encode("a b 3 c ?"))
"""


@pytest.mark.slow
def test_loading_each_family_and_architecture(run, work):
    folders = []
    for kind in ("gpt2", "llama", "mistral", "qwen2"):
        for write in (write_codi, write_coconut):
            folder = work / f"{write.__name__}-{kind}"
            folder.mkdir()
            (folder / "ctlab.json").write_text(json.dumps(write(folder, kind)))
            folders.append(folder)
    run("-c", LOAD, "tiny", "tiny-blind", TINY, *folders)
