"""What is sent with each POST of the table: complete and valid where the act can be done in the world.

A value "@key.file" stands for the object `file` of the argument `key` in tests/access/world.py.
"""

from tests.access import drafted
from tests.factories.city import DEPARTMENT, EXEMPT_ITEM, FIRM, OTHER_FIRM, OTHER_ITEM, WINDOW

_APPLICATION = {
    "contact_name": "王会计",
    "contact_phone": "13800000000",
    "applied_fen": "62000",
    "account_name": "样例机械有限公司",
    "account_bank": "样例银行",
    "account_number": "6222000011112222",
    "do": "submit",
}
_REASON = {"reason": "写明的理由"}
BODIES: dict[tuple[str, str], dict[str, str]] = {
    ("POST", "/apply/<item_code>"): _APPLICATION,
    ("POST", "/apply/<item_code>/remove"): {"file": "@key.file"},
    ("POST", "/cases/<number>/account"): _APPLICATION,
    ("POST", "/cases/<number>/approve"): {"decided_fen": "62000"},
    ("POST", "/cases/<number>/hand-off"): {"department": DEPARTMENT},
    ("POST", "/cases/<number>/rating"): {"level": "1"},
    ("POST", "/cases/<number>/refuse"): {"ground": "closed", **_REASON},
    ("POST", "/cases/<number>/reject"): _REASON,
    ("POST", "/cases/<number>/respond"): {"officer_name": "李工", "officer_phone": "0839-3263893"},
    ("POST", "/cases/<number>/return"): {"basis": "三定方案", **_REASON},
    ("POST", "/cases/<number>/review"): {"checked_fen": "62000", "opinion": "符合"},
    ("POST", "/cases/<number>/send-back"): _REASON,
    ("POST", "/cases/<number>/supplement"): {"material": "设备购置发票", "wanted": "看不清"},
    ("POST", "/cases/<number>/supply"): {"note": "已补"},
    ("POST", "/counter"): {"item_code": OTHER_ITEM, "credit_code": FIRM},
    ("POST", "/counter/<item_code>/<credit_code>"): _APPLICATION,
    ("POST", "/counter/<item_code>/<credit_code>/remove"): {"file": "@key.file"},
    ("POST", "/drafts"): {"pasted": drafted.GUIDE},
    ("POST", "/drafts/<code>"): {"title": "核桃产业奖励"},
    ("POST", "/drafts/<code>/publish"): {
        "fair": "passed",
        "reviewed_on": "2026-01-05",
        "reviewer": "市市场监管局",
    },
    ("POST", "/drafts/<code>/send-back"): _REASON,
    ("POST", "/drafts/files/<token>"): {"rows": drafted.FILE_ITEM},
    ("POST", "/follow-ups/<number>"): {"answer": "well"},
    ("POST", "/inbox/open"): {"message": "@message.first"},
    ("POST", "/lists"): {"item_code": EXEMPT_ITEM},
    ("POST", "/lists/<number>/confirm"): {
        f"keep-{FIRM}": "yes",
        f"amount-{FIRM}": "80000",
        f"keep-{OTHER_FIRM}": "no",
        f"reason-{OTHER_FIRM}": "已迁出",
    },
    ("POST", "/cases/<number>/deliver"): {
        "what": "减免房租",
        "document_number": "广产园〔2026〕7号",
        "delivered_at": "2026-06-01T10:00",
    },
    ("POST", "/cases/<number>/report"): {
        "body": "省经济和信息化厅",
        "document_number": "广经信〔2026〕31号",
        "reported_at": "2026-06-01T10:00",
    },
    ("POST", "/payouts/batches"): {"pool": "POOL-W-APPROVED"},
    ("POST", "/payouts/batches/<number>/results"): {"pasted": "支付编号,结果\np1,成功"},
    ("POST", "/payouts/batches/<number>/withdraw"): _REASON,
    ("POST", "/payouts/claims/<subject>/<source>"): {"amount": "62000"},
    ("POST", "/payouts/lines/<payment_id>/pay"): {"paid_at": "2026-06-01T10:00", "bank_reference": "回单 8"},
    ("POST", "/payouts/lines/<payment_id>/return"): {"returned_at": "2026-06-01T10:00", **_REASON},
    ("POST", "/payouts/lines/<payment_id>/void"): _REASON,
    ("POST", "/ask"): {"words": "发票丢了怎么办", "window": WINDOW},
    ("POST", "/faq/<number>/decline"): _REASON,
    ("POST", "/faq/<number>/withdraw"): _REASON,
    ("POST", "/questions/<number>/answer"): {"answer": "请带复印件"},
    ("POST", "/questions/<number>/faq"): {"question": "发票丢了", "answer": "请带复印件"},
    ("POST", "/questions/<number>/pass"): {"department": DEPARTMENT},
    ("POST", "/questions/<number>/return"): _REASON,
    ("POST", "/questions/new"): {"words": "发票丢了怎么办", "channel": "counter"},
    ("POST", "/redress/<number>/appeal"): _REASON,
    ("POST", "/redress/<number>/close"): _REASON,
    ("POST", "/redress/<number>/contact"): {"heard": "等了太久"},
    ("POST", "/redress/<number>/fix"): {"done": "已改"},
    ("POST", "/redress/<number>/redo"): _REASON,
    ("POST", "/redress/<number>/ruling"): {"upheld": "no", "ruling": "属实"},
    ("POST", "/cases/<number>/redress"): {"content": "yes"},
    ("POST", "/tokens"): {"label": "账务", "days": "90"},
    ("POST", "/payouts/pools/<code>/top-up"): {"amount": "1000", "document_number": "广财〔2026〕9号"},
}
