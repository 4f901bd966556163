"""Pages about who may act for me, and whom I act for: invitations, authorities, businesses and their people."""
