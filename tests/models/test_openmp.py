import json
import subprocess
import sys

import pytest

from ctlab.models.openmp import WAITING

LOOK = f"import json, os; print(json.dumps({{name: os.environ.get(name) for name in {tuple(WAITING)!r}}}))"
ENDS_AT_TORCH = f"""
import sys
class Looks:
    def find_spec(self, name, *_):
        if name == "torch":
            {LOOK}
            raise SystemExit
sys.meta_path.insert(0, Looks())
import ctlab; ctlab.load_model
"""
"""What torch would see: it is looked at in the moment in which it would be imported, which takes seconds."""


def waiting(code, **environment):
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_threads_are_told_to_sleep_soon_before_torch_is_imported():
    assert waiting(ENDS_AT_TORCH) == WAITING


@pytest.mark.parametrize(("name", "value"), [("OMP_WAIT_POLICY", "ACTIVE"), ("GOMP_SPINCOUNT", "7")])
def test_what_the_user_says_stays_and_nothing_is_added(name, value):
    assert waiting(ENDS_AT_TORCH, **{name: value}) == {**dict.fromkeys(WAITING), name: value}


@pytest.mark.slow
def test_once_torch_is_loaded_it_is_too_late_and_nothing_is_changed():
    assert waiting(f"import torch, ctlab; ctlab.load_model\n{LOOK}") == dict.fromkeys(WAITING)
