"""What this room tells the others."""

ISSUED = "notices.issued"  # {"notice": number}
VOIDED = "notices.voided"  # {"notice": number, "subject": subject}
DISPATCHED = "notices.dispatched"  # {"dispatches": [id]}
