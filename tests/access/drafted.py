"""What the department of the world is about to publish: a draft, one to be passed, a file to look through."""

from sqlalchemy.orm import Session

from catalog.drafting import services
from foundation.files import FileStore
from tests.factories import city as factory
from tests.factories.city import City

GUIDE = "1.核桃产业奖励\n(一)政策类别:奖补类\n(二)兑现标准:一次性10万元\n(三)适用地区:广元市"
CASE = {"name": "刚好 500", "facts": {"tech_reform_equipment_wan": 500}, "expect": "eligible"}
FIELD = {"key": "f1", "label": "项目名称", "kind": "text"}
FILE_ITEM = "G-e28583774d"


def draft(db: Session, city: City, files: FileStore) -> tuple[dict[str, str], str]:
    """The codes of the drafts by name, and the mark of the file."""
    for code in ("W-DRAFTED", "W-SIGNED"):
        row = factory.item_row(code, test_cases=[CASE], form={"fields": [FIELD]})
        services.add(db, city.head, row, doubts=[])
    services.submit(db, city.head, "W-SIGNED")
    key = files.put(GUIDE.encode())
    token = services.hand_in(db, city.head, file_name="指南.txt", file_key=key)
    return {"drafted": "W-DRAFTED", "signing": "W-SIGNED"}, token
