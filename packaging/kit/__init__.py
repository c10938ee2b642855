"""Real parts for the demo, the benches and the system tests: hub and kiosk processes, screens, a plug.

Everything here starts the real program as processes and looks at it from outside; nothing here is imported by
the program itself.
"""
