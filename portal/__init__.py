"""What a customer asks for, and what staff do about it."""
