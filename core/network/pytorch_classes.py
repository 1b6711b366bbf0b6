"""The classes of a written-out network for which PyTorch has no module, as text: only those named in it are put in."""

CLASSES = {
    "Add": '''
class Add(nn.Module):
    """The sum of branches that read the same input."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)
''',
    "Concat": '''
class Concat(nn.Module):
    """The channels of branches that read the same input, one branch after the other."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)
''',
    "SymmetricPad": '''
class SymmetricPad(nn.Module):
    """Mirrors the border, the outermost sample included: (before, after) per axis."""

    def __init__(self, *pads):
        super().__init__()
        self.pads = pads

    def forward(self, x):
        for axis, (before, after) in enumerate(self.pads, start=2):
            first, last = x.narrow(axis, 0, before), x.narrow(axis, x.shape[axis] - after, after)
            x = torch.cat([first.flip(axis), x, last.flip(axis)], dim=axis)
        return x
''',
    "PartialPadding": '''
class PartialPadding(nn.Module):
    """A zero-padded convolution, outputs divided by the share of their window on samples: (before, after) per axis."""

    def __init__(self, conv, *pads):
        super().__init__()
        self.conv = conv
        self.sides = [side for before_after in reversed(pads) for side in before_after]

    def forward(self, x):
        conv, taps = self.conv, x.new_ones(1, 1, *self.conv.kernel_size)
        samples = F.pad(x.new_ones(1, 1, *x.shape[2:]), self.sides)
        sum_of = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
        share = sum_of(samples, taps, stride=conv.stride, dilation=conv.dilation) / taps.numel()
        return conv(F.pad(x, self.sides)) / share.clamp(min=1 / (2 * taps.numel()))
''',
    "WeightedPool": '''
class WeightedPool(nn.Module):
    """The same fixed weighted mean of each window in every channel; one list of weights per axis."""

    def __init__(self, *taps, stride, dilation):
        super().__init__()
        kernel = torch.ones(())
        for weights in taps:
            weights = torch.tensor([weight / sum(weights) for weight in weights])
            kernel = kernel[..., None] * weights
        self.register_buffer("kernel", kernel[None, None])
        self.stride, self.dilation = stride, dilation

    def forward(self, x):
        conv = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
        kernel = self.kernel.expand(x.shape[1], *self.kernel.shape[1:])
        return conv(x, kernel, stride=self.stride, dilation=self.dilation, groups=x.shape[1])
''',
    "Attention": '''
class Attention(nn.Module):
    """Each position takes the mean of the values that it may read: scale=0 freezes the pattern, all keys weigh alike.

    Settings have one number for all axes, or one for each.
    """

    def __init__(self, value, window=0, shift=0, near=0, dilation=1, causal=False):
        super().__init__()
        self.value, self.causal = value, causal
        self.settings = window, shift, near, dilation

    def allowed(self, axis, n, device):
        """Which keys each query may read: (queries, keys) of bool."""
        window, shift, near, dilation = (one if isinstance(one, int) else one[axis] for one in self.settings)
        query, key = torch.arange(n, device=device)[:, None], torch.arange(n, device=device)
        if near:
            turn, phase = query // dilation, query % dilation
            last = (n - 1 - phase) // dilation + 1 - near
            first = torch.minimum((turn - near // 2).clamp(min=0), last)
            return (key % dilation == phase) & (key // dilation >= first) & (key // dilation < first + near)
        if self.causal:
            return (key <= query) & (query - key < (window or n))
        if window:
            return (query - shift) // window == (key - shift) // window
        return torch.ones(n, n, dtype=torch.bool, device=device)

    def forward(self, x):
        size, allowed = x.shape[2:], torch.ones(1, 1, dtype=torch.bool, device=x.device)
        for axis, n in enumerate(size):  # along all axes at once
            own = self.allowed(axis, n, x.device)
            allowed = (allowed[:, None, :, None] & own[:, None]).reshape(len(allowed) * n, -1)
        x = self.value(x).flatten(2).mT
        x = F.scaled_dot_product_attention(x, x, x, attn_mask=allowed, scale=0.0)
        return x.mT.unflatten(2, size)
''',
    "RandomConnections": '''
class RandomConnections(nn.Module):
    """Every position is the mean of itself and of positions drawn at random, with replacement."""

    def __init__(self, positions, connections, seed):
        super().__init__()
        drawn = np.random.default_rng(seed).integers(0, positions, size=(positions, connections))
        sources = np.concatenate([np.arange(positions)[:, None], drawn], axis=1)
        self.register_buffer("sources", torch.from_numpy(sources))

    def forward(self, x):
        return x.flatten(2)[:, :, self.sources].mean(-1).reshape(x.shape)
''',
}
