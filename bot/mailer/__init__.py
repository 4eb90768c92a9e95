"""E-mail that leaves: from its row to the SMTP server."""
