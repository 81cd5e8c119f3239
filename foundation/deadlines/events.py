"""What the clocks tell: topics and their payloads."""

NEAR = "deadlines.near"
BREACHED = "deadlines.breached"
SUPERVISE = "deadlines.supervise"
MOVED = "deadlines.moved"  # a calendar changed a due time, or made it final
CALENDAR_MISSING = "deadlines.calendar_missing"  # {"year"}
