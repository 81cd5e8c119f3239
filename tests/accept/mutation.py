"""What a guard looks like when somebody takes it out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """One guard taken out: *old* stands once in *file*; *test* has to fail, on the database *on* at least."""

    guard: str
    file: str
    old: str
    new: str
    test: str
    on: str = "sqlite"
