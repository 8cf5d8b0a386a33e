"""Every Store the project ships; each test of the contract runs against each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cnddigest.ports.record import Store
from cnddigest.store.memory import MemoryStore
from cnddigest.store.sqlite import open_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else open_store(str(tmp_path / "record"))
    yield opened
    opened.close()
