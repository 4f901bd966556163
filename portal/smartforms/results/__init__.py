"""What was sent: the case, the answers in it, and what staff do with them."""
