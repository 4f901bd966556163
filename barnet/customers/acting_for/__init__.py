"""Who may act for whom: authorities, invitations, businesses and the people in them."""
