"""What came back, and from whom: downloads, lists of a class, the cells of a notebook."""
