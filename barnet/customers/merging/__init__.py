"""Two records of one person become one: what goes over, what stays where it was written, and the way back."""
