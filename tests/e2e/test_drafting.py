"""A department drafts an item from a Word guide with its form, its head passes it, a phone finds it."""

import io
from pathlib import Path

import docx

from tests.e2e.conftest import Enter

GUIDE = Path("tests/data/guides/consumption_infrastructure_reward.txt")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE = "消费基础建设奖励"
PHONE, A_SECOND = 360, 1000


def word_guide() -> bytes:
    document = docx.Document()
    for line in GUIDE.read_text("utf-8").splitlines():
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_from_a_word_guide_to_the_phone(enter: Enter) -> None:
    drafter = enter("shangwu1")
    drafter.open("/drafts")
    assert drafter.faults_for_axe() == []
    drafter.field("file").set_input_files({"name": "指南.docx", "mimeType": WORD, "buffer": word_guide()})
    drafter.press("预览")
    assert "看懂了 1 项" in drafter.text()
    drafter.press("收下选中的")
    draft = drafter.path()

    drafter.follow("改条件和用例")
    drafter.fill(field="从业人员", value="30")
    drafter.page.get_by_text("读出来是：从业人员 30 人及以上").wait_for()
    drafter.press("加上这一条")
    drafter.page.get_by_text("按现在的企业数据：可享").wait_for()
    drafter.fill(name="刚好 30 人")
    drafter.page.get_by_label("从业人员（人）").fill("30")
    drafter.field("expect").select_option("eligible")
    drafter.press("保存用例")
    assert "全部通过" in drafter.text()
    assert drafter.faults_for_axe() == []

    drafter.open(f"{draft}/form")
    drafter.fill(label="商圈名称")
    drafter.press("加上这一项")
    drafter.fill(declarations="所报材料真实。")
    drafter.press("保存")
    assert "商圈名称" in drafter.text()
    assert drafter.faults_for_axe() == []

    drafter.open(draft)
    drafter.fill(issued_on="2026-06-01")
    drafter.press("提交审签")
    assert "等本单位负责人或另一位同事审签" in drafter.text()

    phone, head = enter(width=PHONE), enter("shangwu2")
    head.open(f"{draft}/impact")
    assert "这是新事项" in head.text()
    assert head.faults_for_axe() == []
    head.open(draft)
    head.field("fair").select_option("passed")
    head.fill(reviewed_on="2026-06-02", reviewer="市市场监管局")
    assert head.faults_for_axe() == []
    head.press("通过并发布")
    assert TITLE in head.text()
    phone.page.wait_for_timeout(A_SECOND)
    phone.open("/items?q=智慧商圈")
    assert TITLE in phone.text()
    phone.follow(TITLE)
    assert phone.faults_for_axe() == []
