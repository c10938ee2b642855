"""Keys, slots, leases, signatures and the event chain. Bytes in, bytes out; no I/O, no clock."""
