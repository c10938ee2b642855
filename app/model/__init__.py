"""What a plant is: frozen records and pure rules. No I/O, no Qt, no clock (time is an argument)."""
