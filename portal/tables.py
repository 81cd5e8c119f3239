"""Every table of the house, gathered for migrations and invariants alone."""

import catalog.models
import catalog.sought.models
import catalog.vocabulary.models
import foundation.accounts.models
import foundation.audit
import foundation.deadlines.models
import foundation.enterprises.binding.models
import foundation.enterprises.consents.models
import foundation.enterprises.mandates.models
import foundation.enterprises.models
import foundation.numbering
import foundation.outbox
import foundation.web.act
import matching.push.models
import notices.models
import portal.api.models
import portal.feedback.models
import portal.feedback.redress.models
import portal.firms.models
import portal.payouts.models
import portal.window.lists.models
import portal.window.models
import portal.window.publicity.models
import portal.window.questions.models
import portal.window.returns.models
from foundation.db import Base

ROOMS = (
    catalog.models,
    catalog.sought.models,
    catalog.vocabulary.models,
    foundation.accounts.models,
    foundation.audit,
    foundation.deadlines.models,
    foundation.enterprises.binding.models,
    foundation.enterprises.consents.models,
    foundation.enterprises.mandates.models,
    foundation.enterprises.models,
    foundation.numbering,
    foundation.outbox,
    foundation.web.act,
    matching.push.models,
    notices.models,
    portal.api.models,
    portal.feedback.models,
    portal.firms.models,
    portal.feedback.redress.models,
    portal.payouts.models,
    portal.window.lists.models,
    portal.window.models,
    portal.window.publicity.models,
    portal.window.questions.models,
    portal.window.returns.models,
)
metadata = Base.metadata
