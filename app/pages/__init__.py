"""PDF in, single pages and pixels out. Whatever reads a PDF runs in a sandboxed worker process of its own."""
