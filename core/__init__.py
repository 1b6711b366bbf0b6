"""Exact pathway counts, receptive fields and effective receptive fields of convolutional networks."""
