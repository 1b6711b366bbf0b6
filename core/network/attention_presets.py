"""Networks with attention in the text form, by name, with the source of each geometry.

A block is attention with a shortcut round it, then two layers of width 1 with a shortcut round them. Normalisation and
activations are left out: they change no path.
"""


def _block(width: int, attention: str) -> str:
    return f"add(skip | {attention}); add(skip | conv k1 c{4 * width}; conv k1 c{width})"


def _causal_decoder() -> str:
    """Four blocks over 32 tokens of width 64, as of GPT (Radford et al. 2018), small enough to be seen whole."""
    return "; ".join(["32 c64", *[_block(64, "attn causal")] * 4])


def _swin() -> str:
    """Swin-T up to its last map: windows of 7, shifted by 3 in every second block, where there is more than one.

    Liu et al., "Swin Transformer", ICCV 2021, arXiv 2103.14030, sections 3.1 to 3.3.
    """
    layers = ["224x224 c3"]
    for stage, (width, depth) in enumerate(((96, 2), (192, 2), (384, 6), (768, 2))):
        layers.append(f"conv k2 s2 c{width}" if stage else f"conv k4 s4 c{width}")
        shifted = "attn w7 shift3" if stage < 3 else "attn w7"
        layers += [_block(width, "attn w7"), _block(width, shifted)] * (depth // 2)
    return "; ".join(layers)


ATTENTION_TEXTS = {"Causal decoder": _causal_decoder(), "Swin-T": _swin()}
