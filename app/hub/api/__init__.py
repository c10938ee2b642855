"""The hub's HTTP interface: who asks, what they may ask, and what they are told when they may not."""
