"""Qt and nothing but Qt: windows and widgets that draw the kiosk's state."""
