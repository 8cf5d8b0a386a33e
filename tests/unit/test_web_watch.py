"""Who may read the figures: this machine, however its address is written."""

import pytest

from cnddigest.web.watch import may_read


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_every_way_to_write_its_address(address, expected):
    scope = {"type": "http", "client": (address, 40_000), "headers": []}

    found = may_read(scope, None)

    assert found == expected
