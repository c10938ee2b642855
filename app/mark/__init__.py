"""The visible and the forensic watermark. Arrays in, arrays out."""
