"""Commands, and the one place where concrete parts are put together."""
