"""`portevoix doctor`, `backup`, `restore`: keeping a deployment well."""
