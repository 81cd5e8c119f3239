"""What this room tells the others."""

RATED = "feedback.rated"  # {"case": number, "at": iso}; how it was rated stays in this room
REACHED = "feedback.reached"  # {"case": number, "at": iso}
