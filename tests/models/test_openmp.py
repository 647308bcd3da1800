import json
import subprocess
import sys

import pytest

from ctlab.models.openmp import WAITING

LOOK = f"import json, os; print(json.dumps({{name: os.environ.get(name) for name in {tuple(WAITING)!r}}}))"


def waiting(code, **environment):
    done = subprocess.run([sys.executable, "-c", f"{code}\n{LOOK}"], env=environment, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_threads_are_told_to_sleep_soon_before_torch_is_imported():
    assert waiting("import ctlab; ctlab.load_model") == WAITING


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), [("OMP_WAIT_POLICY", "ACTIVE"), ("GOMP_SPINCOUNT", "7")])
def test_what_the_user_says_stays_and_nothing_is_added(name, value):
    assert waiting("import ctlab; ctlab.load_model", **{name: value}) == {**dict.fromkeys(WAITING), name: value}


@pytest.mark.slow
def test_once_torch_is_loaded_it_is_too_late_and_nothing_is_changed():
    assert waiting("import torch, ctlab; ctlab.load_model") == dict.fromkeys(WAITING)
