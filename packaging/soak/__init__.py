"""Long proofs that faults cost nothing: ``packaging/dev soak NAME``. Real hub, real files, real processes."""
