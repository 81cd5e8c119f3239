"""What this room tells itself: one row a range, so that several workers share a run."""

CATCH_UP = "matching.push.catch_up"  # {"block": number}
CALENDAR = "matching.push.calendar"  # {"block": number, "runs": [{"code", "reason", "version_id"}]}
