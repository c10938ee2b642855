"""Qt and nothing but Qt: windows and widgets that draw the kiosk's state."""

from app.ui.singletons import make_immortal

make_immortal()
