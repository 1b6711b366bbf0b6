"""Search: every network of a family counted exactly, those that do what is asked, and the best of them."""
