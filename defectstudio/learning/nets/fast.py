"""`fast`: a pretrained encoder with two light heads, so that a detector trains in a minute on two cores."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from defectstudio.learning.nets.encoder import TAPS, pretrained_encoder
from defectstudio.learning.nets.fused import fused
from defectstudio.learning.nets.heads import Heads
from defectstudio.learning.nets.segdec import SegDecNet


class FastNet(nn.Module):
    """Image (B, 3, h, w) in [0, 1] -> segmentation logits (B, 1, h/stride, w/stride), classification logits (B,).

    h and w are multiples of the coarsest stride; `classes` adds the third output of `Heads`.
    The classification loss stops at the heads' joints; when the trunk is
    fine-tuned, both losses reach it through their own head.
    """

    def __init__(self, strides: Sequence[int], stride: int, *, gradient_stop: bool = True, classes: int = 0) -> None:
        super().__init__()
        self.stride = stride
        # Batch norms are folded for good: tuned with their momentum of 0.01, the running statistics would lag behind
        # for hundreds of steps and evaluation would collapse.
        self.trunk = fused(pretrained_encoder(strides))
        self.heads = Heads([TAPS[s][1] for s in sorted(strides)], gradient_stop=gradient_stop, classes=classes)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        size = (image.shape[-2] // self.stride, image.shape[-1] // self.stride)
        logits: tuple[Tensor, ...] = self.heads(self.trunk(image), size)
        return logits

    def tunable(self) -> list[nn.Parameter]:
        """What fine-tuning changes of the encoder: all but the stem and the blocks up to stride 4.

        Those see edges and spots, which are the same everywhere, and are the dear ones: their maps are the largest.
        """
        return [p for block in self.trunk._blocks[TAPS[4][0] + 1 :] for p in block.parameters()]

    def segmentation_part(self) -> list[nn.Parameter]:
        """The parameters of the segmentation head."""
        return self.heads.segmentation_part()


Net = FastNet | SegDecNet
