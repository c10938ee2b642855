"""PDF in, single pages and pixels out, in a sandboxed worker process. The only importer of PyMuPDF."""
