"""What every provider promises, executable: chosen by capability, never by name.

``promises`` holds the table of contents; ``tests.providers.<dialect>.harness`` says how to get a provider over a
known truth, and nothing else in here knows a dialect.
"""

import pytest

pytest.register_assert_rewrite("tests.contract.promises", "tests.contract.asks", "tests.contract.faults")
