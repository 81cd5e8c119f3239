"""What staff changed of the shipped vocabulary; the shipped one itself stays as it came."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.vocabulary.rules import LONGEST_MEANING, LONGEST_WORD, Said
from foundation.db import Base, enum_column


class VocabularyChange(Base):
    """One word of one meaning: said otherwise than it was shipped, or not at all."""

    __tablename__ = "vocabulary_change"
    __table_args__ = (
        UniqueConstraint("meaning", "word"),
        CheckConstraint("word <> '' AND meaning <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meaning: Mapped[str] = mapped_column(String(LONGEST_MEANING))
    word: Mapped[str] = mapped_column(String(LONGEST_WORD))
    said: Mapped[Said] = mapped_column(enum_column(Said))
