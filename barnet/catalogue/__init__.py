"""What: the services that the council offers, their standard, owner and start."""
