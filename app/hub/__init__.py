"""The server: API, store, publishing. Knows nothing of kiosks' insides."""
