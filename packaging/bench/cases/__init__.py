"""One module for each family of benches. Adding a module here is all it takes to add a bench."""
