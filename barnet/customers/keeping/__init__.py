"""What we hold on people, how long, and how an account ends."""
