"""Exempt lists: who the data say is entitled, with the evidence as it stood."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.db import Base, Fen, Instant, Json, enum_column, partial_index
from portal.window.lists.rules import ListStage


class ExemptList(Base):
    """One frozen list of one item."""

    __tablename__ = "exempt_list"
    __table_args__ = (
        # a list under way is confirmed before the next one of its item is frozen
        partial_index("uq_exempt_list_live", "item_code", where="stage <> 'confirmed'", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    item_code: Mapped[str] = mapped_column(String(80))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    item_title: Mapped[str] = mapped_column(String(300))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    stage: Mapped[ListStage] = mapped_column(enum_column(ListStage))
    version: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[date]
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    handed_off_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)

    rows: Mapped[list["ListRow"]] = relationship(back_populates="list", order_by="ListRow.credit_code")

    @property
    def subject(self) -> str:
        """How audit, deadlines and notices name it."""
        return f"list:{self.number}"


class ListRow(Base):
    """One enterprise on a list."""

    __tablename__ = "exempt_list_row"
    __table_args__ = (
        UniqueConstraint("list_id", "enterprise_id"),
        CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("exempt_list.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    credit_code: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(String(6))
    # every leaf of the condition with the value, its source and date, as they stood when the list was frozen
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    # what speaks against it, each with its basis, source and date
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    amount_fen: Mapped[int | None] = mapped_column(Fen)
    kept: Mapped[bool | None]
    reason: Mapped[str | None]
    # why it could not be taken in yet; the others were
    problem: Mapped[str | None]
    # the case is opened, or the paper is served
    settled: Mapped[bool] = mapped_column(default=False)
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(Instant)
    publicity_id: Mapped[int | None] = mapped_column(ForeignKey("publicity.id"))
    case_number: Mapped[str | None] = mapped_column(ForeignKey("case_.number"))

    list: Mapped[ExemptList] = relationship(back_populates="rows")
