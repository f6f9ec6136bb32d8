"""What must not be lost beside the bookings: calls and turns, takes, accounts. One file per noun, one metadata."""
