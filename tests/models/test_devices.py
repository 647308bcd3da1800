import pytest
import torch

from ctlab.models import devices, load_model
from ctlab.models.devices import multiplies_bfloat16, warn_of_slow_type


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("processor: 0\nflags\t\t: fpu avx512f avx512_bf16\n", True),
        ("flags : fpu avx512f amx_bf16 amx_tile\n", True),
        ("Features : fp asimd bf16 i8mm\n", True),
        ("flags : fpu avx512f avx512bw\nbugs : avx512_bf16\n", False),
        ("model name : of another system\n", None),
    ],
)
def test_what_a_processor_multiplies_is_read_from_its_flags(lines, found, tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(lines, encoding="ascii")
    monkeypatch.setattr(devices, "_PROCESSOR", tmp_path / "cpuinfo")
    assert multiplies_bfloat16() is found


def test_a_system_that_does_not_tell(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_PROCESSOR", tmp_path / "none")
    assert multiplies_bfloat16() is None


def test_loading_in_bfloat16_warns_where_no_instruction_multiplies_it(monkeypatch):
    monkeypatch.setattr(devices, "multiplies_bfloat16", lambda: False)
    with pytest.warns(UserWarning, match="this processor has no instructions for bfloat16"):
        load_model("tiny", dtype="bfloat16")


@pytest.mark.parametrize(
    ("dtype", "device", "known"),
    [("float32", "cpu", False), ("bfloat16", "meta", False), ("bfloat16", "cpu", True), ("bfloat16", "cpu", None)],
)
def test_nothing_is_said_elsewhere(dtype, device, known, monkeypatch, recwarn):
    monkeypatch.setattr(devices, "multiplies_bfloat16", lambda: known)
    warn_of_slow_type(dtype, torch.device(device))
    assert not recwarn.list
