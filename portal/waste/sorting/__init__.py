"""What goes where: things that people throw away, and the bin or place for each."""
