"""The kiosk without a screen: cache, keyring, badge readers, sync, session. No Qt."""
