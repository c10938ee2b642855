"""Keys, slots, leases, signatures and the event chain. Bytes in, bytes out; no files, no network, no clock."""
