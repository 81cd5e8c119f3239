"""Pages in a real browser, wide and narrow, light, dark and large: nothing for axe on the main ones, nothing
serious on the others."""

import pytest

from tests.e2e.conftest import Enter
from tests.e2e.main_pages import MAIN_PAGES

MAIN = tuple((page.login, page.path) for page in MAIN_PAGES)
OTHERS = (
    ("", "/verify"),
    ("", "/items?place=here"),
    ("", "/verify/AAAAAAAAAA"),
    ("qiye1", "/my/policies/YL01"),
    ("qiye1", "/my/cases"),
    ("qiye1", "/cases/GY-2026-0001"),
    ("qiye1", "/inbox"),
    ("qiye4", "/cases/GY-2026-0009/supply"),
    ("zhuanchuang1", "/cases/GY-2026-0012"),
    ("zhuanchuang1", "/cases/GY-2026-0012/supplement"),
    ("zhuanchuang1", "/cases?tab=submitted&chosen=all"),
    ("zhuanchuang1", "/cases/bulk?act=accept_and_hand_off&number=GY-2026-0012"),
    ("zhuanchuang1", "/counter"),
    ("zhuanchuang1", "/follow-ups"),
    ("zhuanchuang1", "/lists"),
    ("jingxin1", "/cases"),
    ("jingxin1", "/cases/GY-2026-0011"),
    ("jingxin1", "/cases/GY-2026-0007/review"),
    ("jingxin2", "/cases/GY-2026-0006/decide"),
    ("caizheng1", "/payouts/pools"),
    ("jiandu1", "/cases"),
    ("shenji", "/payouts/pools"),
)
LOOKS = {
    "wide": ({"width": 1280}, MAIN + OTHERS),
    "narrow": ({"width": 360}, MAIN + OTHERS),
    "dark": ({"width": 1280, "theme": "dark"}, MAIN),
    "large": ({"width": 360, "size": "large"}, MAIN),
}
STATUS = {"/verify/AAAAAAAAAA": 404}


@pytest.mark.parametrize("name", LOOKS)
def test_no_page_keeps_anybody_out(enter: Enter, name: str) -> None:
    look, pages = LOOKS[name]
    found: list[str] = []
    for login in dict.fromkeys(login for login, _ in pages):
        person = enter(login, **look)
        person.looked = None  # axe looks at each of these pages below
        for owner, path in pages:
            if owner == login:
                person.open(path, STATUS.get(path, 200))
                found += person.faults_for_axe(grave=(owner, path) not in MAIN)
    assert found == []
