"""Where money goes: the account that a payee confirmed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Holder, bank and number; only its reference is ever shown or recorded."""

    holder: str
    bank: str
    number: str

    @property
    def reference(self) -> str:
        """尾号 3321."""
        return f"尾号 {self.number[-4:]}"
