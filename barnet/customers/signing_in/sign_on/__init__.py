"""Signing in with somebody else's account: residents with GOV.UK One Login (or another OpenID provider), staff with the
council's own. Who the providers are comes from the environment; nothing about them is in the database. What a provider
says is believed only when its signature, issuer, audience, nonce and age are right, and it never takes over a login
that exists: that takes a sign-in to the login first."""
