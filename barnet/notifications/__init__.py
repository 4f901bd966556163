"""How we tell: a message is written with the change that it tells of, and delivered once by a supervised worker."""
