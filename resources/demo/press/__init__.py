"""Draws the demo plant's work instructions: sheets, symbols, exploded views, pictures. Content is in TOML."""
