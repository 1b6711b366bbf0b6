"""Attention as models write it, in modules of which all else is linear, and a frozen twin to count their paths by.

The twin is the definition word for word: attention is what its mask allows, one each, and constant; every weight is
one. Its gradients are channel counts, and where every map has one channel, paths.
"""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn


class Attention(nn.Module):
    """Heads that read all tokens of (batch, tokens, channels), or those that a mask leaves; or a frozen twin."""

    def __init__(self, channels: int = 4, heads: int = 2, fused: bool = False, key_heads: int | None = None) -> None:
        super().__init__()
        self.heads, self.key_heads, self.fused, self.frozen = heads, key_heads or heads, fused, False
        width = channels // heads
        self.q = nn.Linear(channels, channels, bias=False)
        self.k = nn.Linear(channels, width * self.key_heads, bias=False)
        self.v = nn.Linear(channels, width * self.key_heads, bias=False)
        self.out = nn.Linear(channels, channels, bias=False)

    def forward(self, x, keys=None, mask=None):
        keys = x if keys is None else keys
        q = self.split(self.q(x), self.heads)
        k, v = (self.split(part(keys), self.key_heads) for part in (self.k, self.v))
        if self.key_heads < self.heads:
            k, v = (part.expand(-1, self.heads, -1, -1) for part in (k, v))
        found = self.weighed(q, k, v, mask)
        return self.out(found.transpose(1, 2).reshape(*x.shape[:2], -1))

    def weighed(self, q, k, v, mask):
        if self.frozen:
            shown = torch.ones(*q.shape[:3], k.shape[2], dtype=v.dtype)
            return (shown if mask is None else shown * (mask == 0)) @ v
        if self.fused:
            return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        scores = q @ k.transpose(-2, -1) * 0.5
        return (scores if mask is None else scores + mask).softmax(-1) @ v

    def split(self, x, heads):
        return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


class Tokens(nn.Module):
    """Patches, tokens before them, blocks with shortcuts; ``keep``: whether the tokens go at the end."""

    def __init__(self, before: int = 1, depth: int = 2, keep: bool = True, side: int = 2, **options) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 4, side, side, bias=False)
        self.tokens = nn.Parameter(torch.zeros(1, before, 4))
        self.blocks = nn.ModuleList(Attention(**options) for _ in range(depth))
        self.keep = keep

    def forward(self, x):
        x = self.patches(x)
        size = x.shape[2:]
        x = torch.cat([self.tokens.expand(len(x), -1, -1), x.flatten(2).transpose(1, 2)], 1)
        for block in self.blocks:
            x = x + block(x)
        if self.keep:
            return x
        return x[:, self.tokens.shape[1] :].transpose(1, 2).reshape(len(x), -1, *size)


class LastToken(nn.Module):
    """A token that reads the map at the end alone, twice over, as in CaiT."""

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.conv = nn.Conv2d(3, 4, 2, 2, bias=False), nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.token = nn.Parameter(torch.zeros(1, 1, 4))
        self.blocks = nn.ModuleList([Attention(), Attention()])

    def forward(self, x):
        x = self.conv(self.patches(x)).flatten(2).transpose(1, 2)
        token = self.token
        for block in self.blocks:
            every = torch.cat([token, x], 1)
            token = token + block(every[:, :1], every)
        return torch.cat([token, x], 1)


class Windows(nn.Module):
    """Windows of a map of (height, width), shifted by ``shift`` and masked at the borders, or a grid of them."""

    def __init__(self, size: tuple[int, int], side: int = 3, shift: int = 0, grid: bool = False, **options) -> None:
        super().__init__()
        self.size, self.side, self.shift, self.grid = size, side, shift, grid
        self.attention = Attention(**options)
        mask = torch.zeros(size)
        slices = (slice(0, -side), slice(-side, -shift), slice(-shift, None)) if shift else (slice(None),)
        for number, (rows, columns) in enumerate((one, two) for one in slices for two in slices):
            mask[rows, columns] = number
        regions = self.parted(mask[None, :, :, None])[..., 0]
        hidden = (regions[:, None] != regions[:, :, None]).float() * -100
        self.register_buffer("mask", hidden[:, None])

    def parted(self, x):
        (height, width), side, channels = self.size, self.side, x.shape[-1]
        shape = (height // side, side, width // side, side)
        if self.grid:
            shape = (side, height // side, side, width // side)
            return x.reshape(1, *shape, channels).permute(0, 2, 4, 1, 3, 5).reshape(-1, side * side, channels)
        return x.reshape(1, *shape, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, side * side, channels)

    def together(self, x):
        (height, width), side = self.size, self.side
        x = x.reshape(1, height // side, width // side, side, side, -1)
        x = x.permute(0, 3, 1, 4, 2, 5) if self.grid else x.permute(0, 1, 3, 2, 4, 5)
        return x.reshape(1, height, width, -1)

    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        moved = torch.roll(x, (-self.shift, -self.shift), (1, 2)) if self.shift else x
        found = self.together(self.attention(self.parted(moved), mask=self.mask if self.shift else None))
        found = torch.roll(found, (self.shift, self.shift), (1, 2)) if self.shift else found
        return (x + found).permute(0, 3, 1, 2)


class Reduced(nn.Module):
    """Every position reads the positions of a smaller map, as in PVT."""

    def __init__(self, **options) -> None:
        super().__init__()
        self.reduce, self.attention = nn.Conv2d(4, 4, 2, 2, bias=False), Attention(**options)

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        found = self.attention(tokens, self.reduce(x).flatten(2).transpose(1, 2))
        return x + found.transpose(1, 2).reshape(x.shape)


class Causal(nn.Module):
    """A sequence (batch, channels, length) in which nothing reads what comes later, nor what is ``window`` before."""

    def __init__(self, length: int, window: int = 1000, **options) -> None:
        super().__init__()
        self.attention = Attention(**options)
        shown = torch.ones(length, length).tril() - torch.ones(length, length).tril(-window)
        self.register_buffer("mask", torch.zeros(length, length).masked_fill(shown == 0, float("-inf")))

    def forward(self, x):
        tokens = x.transpose(1, 2)
        return (tokens + self.attention(tokens, mask=self.mask)).transpose(1, 2)


class Channels(nn.Module):
    """Channels read channels, as in XCiT."""

    def __init__(self, channels: int = 4, heads: int = 2) -> None:
        super().__init__()
        self.heads, self.frozen = heads, False
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)

    def forward(self, x):
        q, k, v = self.qkv(x).reshape(len(x), 3, self.heads, -1, x.shape[2] * x.shape[3]).unbind(1)
        weights = torch.ones(q.shape[-2], k.shape[-2], dtype=v.dtype)
        if not self.frozen:
            weights = (q @ k.transpose(-2, -1)).softmax(-1)
        return x + (weights @ v).reshape(x.shape)


def frozen(module: nn.Module) -> nn.Module:
    """The twin: attention a constant, all weights one; the module is changed."""
    for part in module.modules():
        if hasattr(part, "frozen"):
            part.frozen = True
    for name, parameter in module.named_parameters():
        (nn.init.zeros_ if "token" in name else nn.init.ones_)(parameter)
    return module.double().eval()
