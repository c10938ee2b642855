"""One module a schema version, in order. A released one is never changed."""
