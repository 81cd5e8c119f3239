"""What is waited for, said to the applicant or about it, and the steps that still come."""

import pytest

from catalog.guide import Step
from portal.window import story
from portal.window.rules import Stage

USUAL = [Step(title, "", "") for title in ("专窗受理", "交办", "部门响应", "审核", "公示", "兑付")]


def test_the_department_is_named() -> None:
    said = story.waiting(Stage.IN_REVIEW, "市经济和信息化局", for_applicant=True)
    assert said == "市经济和信息化局正在审核。"


@pytest.mark.parametrize("stage", list(story.WAITING))
def test_officials_are_not_taken_for_the_applicant(stage: Stage) -> None:
    assert "您" not in story.waiting(stage, "市经济和信息化局", for_applicant=False)


@pytest.mark.parametrize(
    ("stage", "first"),
    [
        (Stage.SUBMITTED, "专窗受理"),
        (Stage.ACCEPTED, "交办"),
        (Stage.HANDED_OFF, "部门响应"),
        (Stage.REVIEWED, "审核"),
        (Stage.APPROVED, "兑付"),
    ],
)
def test_only_what_still_comes_is_listed(stage: Stage, first: str) -> None:
    assert story.ahead(stage, USUAL, for_applicant=True)[0].title == first


def test_a_way_of_its_own_is_shown_whole() -> None:
    own = [Step(title, "", "") for title in ("报名", "路演", "公布")]
    assert story.ahead(Stage.IN_REVIEW, own, for_applicant=True) == own


def test_staff_read_of_the_enterprise_what_it_reads_of_itself() -> None:
    own = (Step("您确认账户", "", "款项打到您确认的对公账户"),)
    (read,) = story.ahead(Stage.APPROVED, own, for_applicant=False)
    assert (read.title, read.why) == ("企业确认账户", "款项打到企业确认的对公账户")
    assert story.ahead(Stage.APPROVED, own, for_applicant=True) == own
