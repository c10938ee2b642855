"""The desk without a screen: its device, who is signed in, the picture of the floor. No Qt."""
