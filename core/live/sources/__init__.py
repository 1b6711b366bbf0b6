"""Where models come from: the zoo, a pasted ``nn.Sequential``, own code; and trained weights for them."""
