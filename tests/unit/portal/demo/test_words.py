"""Every role has its word, where the demonstration tells its accounts and wherever staff are listed."""

from foundation.accounts.wording import ROLE_NAMES as EVERYWHERE
from foundation.web.access import Role
from portal.demo.words import ROLE_NAMES


def test_every_role_has_its_word() -> None:
    assert set(ROLE_NAMES) == set(EVERYWHERE) == set(Role)
