"""Four eyes: who prepared a matter does not decide it. Pure.

A deputy is no other person than the one in whose place they act: nobody can lend an authority that they lack.
"""

from foundation.audit import Author
from foundation.errors import NotAllowed


def is_other(author: Author, first_id: int | None) -> bool:
    """Whether *author* is neither the person *first_id*, who prepared, nor their deputy."""
    return first_id is None or first_id not in (author.person_id, author.stands_in_for)


def check_other(author: Author, first_id: int | None, refusal: str) -> None:
    """NotAllowed with *refusal* where the one who decides is the one who prepared."""
    if not is_other(author, first_id):
        raise NotAllowed(refusal)
