"""The kinds of layers that there are: adding one is one entry here, and one rule that makes its PyTorch module.

Texts, graphs, counts, costs, remedies and written-out PyTorch code ask a layer's kind for what they need to know, and
compare kinds only where they are about one of them. The rules of modules stand apart, as PyTorch does
(:mod:`.live.modules.layers`). Where PyTorch has no such module, the class that its code names is written out in
:mod:`.network.pytorch_classes`.
"""

from ..layers import LayerKind
from .attention import ATTN
from .connections import RANDOM
from .convolutions import CONV, TCONV
from .pools import AVGPOOL, BLUR, GLOBAL, MAXPOOL
from .upsampling import UPSAMPLE

KINDS: dict[str, LayerKind] = {
    kind.name: kind for kind in (CONV, MAXPOOL, AVGPOOL, BLUR, TCONV, UPSAMPLE, GLOBAL, RANDOM, ATTN)
}

__all__ = ["ATTN", "AVGPOOL", "BLUR", "CONV", "GLOBAL", "KINDS", "MAXPOOL", "RANDOM", "TCONV", "UPSAMPLE"]
