"""A tour through every screen and state of the kiosk: pictures for eyes, and checks by program."""
