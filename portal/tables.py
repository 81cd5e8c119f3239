"""Every table of the house, gathered for migrations and invariants alone."""

import catalog.models
import foundation.accounts.models
import foundation.audit
import foundation.numbering
import foundation.outbox
import foundation.web.act
from foundation.db import Base

ROOMS = (
    catalog.models,
    foundation.accounts.models,
    foundation.audit,
    foundation.numbering,
    foundation.outbox,
    foundation.web.act,
)
metadata = Base.metadata
