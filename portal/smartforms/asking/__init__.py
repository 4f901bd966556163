"""Staff ask for more through the form that was sent: which questions, why, until when; the customer answers them in the
same runner, and the answers become part of the same request."""
