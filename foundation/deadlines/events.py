"""What the clocks tell: topics and their payloads."""

NEAR = "deadlines.near"
BREACHED = "deadlines.breached"
SUPERVISE = "deadlines.supervise"
HOLD_OVER = "deadlines.hold_over"  # a hold has lasted longer than was told to the applicant
MOVED = "deadlines.moved"  # a calendar changed a due time, or made it final
CALENDAR_MISSING = "deadlines.calendar_missing"  # {"year"}
