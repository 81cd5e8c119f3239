"""The ten main pages of the demonstration: held to axe without any finding, shown in docs/screenshots."""

from typing import NamedTuple


class MainPage(NamedTuple):
    """A page, its name as a file, and whose it is; nobody means signed out."""

    name: str
    login: str
    path: str


MAIN_PAGES = (
    MainPage("home", "", "/"),
    MainPage("results", "", "/items?q=稳岗返还"),
    MainPage("item", "", "/items/YL01"),
    MainPage("timings", "", "/timings"),
    MainPage("sign-in", "", "/sign-in"),
    MainPage("my-policies", "qiye1", "/my/policies"),
    MainPage("application", "qiye1", "/apply/YL01"),
    MainPage("case", "qiye1", "/cases/GY-2026-0002"),
    MainPage("desk", "zhuanchuang1", "/cases"),
    MainPage("payouts", "caizheng1", "/payouts"),
)
