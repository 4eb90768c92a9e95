"""What keeps a deployment well: copies of the database, and an examination that says what to mend."""
