"""The list of guards fits the code, and docs/guards.md names them all."""

from pathlib import Path

import pytest

from tests.accept.mutations import MUTATIONS, Mutation
from tests.accept.taking_out import without

TABLE = Path("docs/guards.md")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.guard)
def test_the_guard_is_where_the_list_says(mutation: Mutation) -> None:
    assert without(mutation, Path(mutation.file).read_text("utf-8"))
    file, _, test = mutation.test.partition("::")
    assert f"def {test}(" in Path(file).read_text("utf-8")


def test_the_table_names_every_guard_and_its_test() -> None:
    table = TABLE.read_text("utf-8")
    for mutation in MUTATIONS:
        assert f"| {mutation.guard} |" in table
        assert mutation.test.partition("::")[2] in table
