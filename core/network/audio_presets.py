"""Networks for sound and other sequences in the text form, by name, with the source of each geometry.

Along time alone, as published: kernels, strides, dilations, paddings and channels. What a text cannot say is left out
and named; it changes no field, no latency and no stride.
"""


def _wavenet() -> str:
    """Three stacks of kernels of 2, dilated by 1 to 512; the sums of the skips and the gates are left out.

    Van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016, arXiv 1609.03499, section 2.1 and figure 4.
    The paper does not say how many channels there are.
    """
    stack = "; ".join(f"add(skip | conv k2 d{2**power} p{2**power}:0 c64; conv k1 c64)" for power in range(10))
    return "; ".join(["4096 c64", *[stack] * 3])


def _tcn() -> str:
    """Two dilated causal convolutions a block, eight blocks of kernel 7 and 25 channels: sequential MNIST.

    Bai, Kolter, Koltun, "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence
    Modeling", 2018, arXiv 1803.01271, figure 1 and table 2.
    """
    blocks = [f"conv k7 d{2**level} p{6 * 2**level}:0 c25 x2" for level in range(8)]
    return "; ".join([f"784 c1; add({blocks[0]} | conv k1 c25)", *(f"add({block} | skip)" for block in blocks[1:])])


def _wav2vec() -> str:
    """Seven convolutions without padding, 25 ms of sound every 20 ms; normalisations are left out.

    Baevski et al., "wav2vec 2.0", NeurIPS 2020, arXiv 2006.11477, section 4.2.
    """
    windows = zip((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2), strict=True)
    return "; ".join(["16000 c1", *(f"conv k{kernel} s{stride} c512" for kernel, stride in windows)])


def _conv_tasnet() -> str:
    """Three repeats of eight blocks of kernel 3; the sums of the skips, the masks and normalisations are left out.

    Luo, Mesgarani, "Conv-TasNet", IEEE/ACM TASLP 2019, arXiv 1809.07454, tables I and II: N 512, B 128, H 512, P 3,
    X 8, R 3, of frames of 16 samples every 8.
    """
    inner = "conv k1 c512; conv k3 d{0} p{0} c512 g512; conv k1 c128"
    repeat = "; ".join(f"add(skip | {inner.format(2**power)})" for power in range(8))
    return "; ".join(["2000 c512; conv k1 c128", *[repeat] * 3, "conv k1 c1024"])


def _hifi_gan() -> str:
    """The generator V1: spectra of 80 bands become 256 samples each.

    Kong, Kim, Bae, "HiFi-GAN", NeurIPS 2020, arXiv 2010.05646, appendix A.1.
    """
    text = "32 c80; conv k7 p3 c512"
    for width, kernel, stride in ((256, 16, 8), (128, 16, 8), (64, 4, 2), (32, 4, 2)):
        branches = " | ".join(
            "; ".join(
                f"add(skip | conv k{taps} d{dilation} same c{width}; conv k{taps} same c{width})"
                for dilation in (1, 3, 5)
            )
            for taps in (3, 7, 11)
        )
        text += f"; tconv k{kernel} s{stride} p{(kernel - stride) // 2} c{width}; add({branches})"
    return f"{text}; conv k7 p3 c1"


def _encodec() -> str:
    """The causal encoder for 24 kHz, 75 frames a second; its two LSTM layers, which see all the past, are left out.

    Défossez et al., "High Fidelity Neural Audio Compression", 2022, arXiv 2210.13438, section 3.1; kernels of the
    residual units and padding as in its code (facebookresearch/encodec, ``SEANetEncoder``).
    """
    text, width = "24000 c1; conv k7 p6:0 reflect c32", 32
    for stride in (2, 4, 5, 8):
        text += f"; add(conv k1 c{width} | conv k3 p2:0 reflect c{width // 2}; conv k1 c{width})"
        text += f"; conv k{2 * stride} s{stride} p{stride}:0 reflect c{2 * width}"
        width *= 2
    return f"{text}; conv k7 p6:0 reflect c128"


AUDIO_TEXTS = {
    "WaveNet": _wavenet(),
    "TCN": _tcn(),
    "wav2vec 2.0 encoder": _wav2vec(),
    "Conv-TasNet separator": _conv_tasnet(),
    "HiFi-GAN generator": _hifi_gan(),
    "Encodec encoder": _encodec(),
}

# Of the input, a second; frames of a separator's encoder (8 samples of 8 kHz), bands of a spectrum every 256 samples.
AUDIO_RATES = {
    "WaveNet": "16000",
    "wav2vec 2.0 encoder": "16000",
    "Conv-TasNet separator": "1000",
    "HiFi-GAN generator": "22050/256",
    "Encodec encoder": "24000",
}
