import pytest

from ctlab.errors import StoreError
from ctlab.store import GenerationStore
from tests.store.answers import key


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    return GenerationStore(tmp_path, said.append)


def test_a_record_comes_back_by_run_name_and_version(store):
    store.write_record(key("a"), "certificate", "1", {"passed": True})
    assert store.read_record(key("a"), "certificate", "1") == {"passed": True}
    assert store.read_record(key("b"), "certificate", "1") is None
    assert store.read_record(key("a"), "classification", "1") is None
    assert store.read_record(key("a"), "certificate", "2") is None


def test_a_record_can_be_replaced(store):
    for value in (1, 2):
        store.write_record(key("a"), "timing", "1", value)
    assert store.read_record(key("a"), "timing", "1") == 2


def test_a_damaged_record_is_absent_and_said(store, said):
    store.write_record(key("a"), "certificate", "1", [1, 2, 3])
    (path,) = (path for path in store.root.rglob("records/*"))
    path.write_bytes(path.read_bytes()[:-1])
    assert store.read_record(key("a"), "certificate", "1") is None
    assert "is damaged" in said[0]


def test_a_name_cannot_leave_the_folder(store):
    with pytest.raises(StoreError, match=r"a record's name is small letters"):
        store.write_record(key("a"), "../x", "1", None)
