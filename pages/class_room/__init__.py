"""A class that follows its teacher."""
