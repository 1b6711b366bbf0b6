"""Which ATen operator is of which kind, for the oracles: by what the definition of a path says of it, no more."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOVES = _names(  # nothing is read: the very same operator is applied to what a twin carries
    """
    view _unsafe_view permute transpose t expand slice select index_select split split_with_sizes unbind
    squeeze unsqueeze roll flip repeat clone alias pixel_shuffle pixel_unshuffle channel_shuffle
    lift_fresh lift_fresh_copy unsafe_split unsafe_split_with_sizes copy_ squeeze_ unsqueeze_ transpose_ t_
    """
)
ONE_EDGE = _names(  # every entry reads itself
    """
    relu gelu silu sigmoid tanh hardswish hardsigmoid hardtanh leaky_relu elu softplus mish _prelu_kernel
    threshold hardshrink softshrink celu log_sigmoid_forward rrelu_with_noise
    _native_batch_norm_legit_no_training clamp clamp_min clamp_max abs neg exp sqrt rsqrt reciprocal
    log log1p sin cos erf sign floor round expm1 log2
    ceil trunc frac logit atan tan masked_fill native_dropout rrelu_with_noise_functional detach _to_copy
    """
)
OPERANDS = _names(  # every entry reads each operand
    """
    add sub rsub mul div maximum minimum pow addcmul addcdiv lerp where atan2 hypot fmax fmin logaddexp remainder
    """
)
NORMS = _names("native_batch_norm _native_batch_norm_legit native_layer_norm native_group_norm")
REDUCTIONS = _names(  # one result from many
    """
    mean sum amax amin max min linalg_vector_norm norm var std logsumexp prod var_mean std_mean
    """
)
POOLS = _names(
    "max_pool2d_with_indices max_pool1d_with_indices avg_pool2d avg_pool1d max_pool3d_with_indices avg_pool3d"
)
ADAPTIVE = _names(
    "_adaptive_avg_pool2d adaptive_max_pool2d adaptive_max_pool1d _adaptive_avg_pool3d adaptive_max_pool3d"
)
PADS = _names(
    """
    constant_pad_nd reflection_pad1d reflection_pad2d reflection_pad3d replication_pad1d replication_pad2d
    replication_pad3d
    """
)
RESIZES = _names(
    """
    upsample_nearest1d upsample_nearest2d _upsample_nearest_exact2d _upsample_nearest_exact1d upsample_linear1d
    upsample_bilinear2d upsample_bicubic2d upsample_nearest3d _upsample_nearest_exact3d upsample_trilinear3d
    """
)
BUFFERS = _names(  # results that do not depend on the input
    """
    new_empty new_zeros new_full new_ones empty_like zeros_like ones_like full_like rand_like randn_like
    bernoulli
    """
)
