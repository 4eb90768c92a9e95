"""The page of an institution's partner: a letter, and the ways to answer it. No account, no script, no cookie."""
