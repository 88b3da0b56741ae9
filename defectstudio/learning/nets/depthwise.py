"""Gradient of a depthwise convolution by its kernel, from kernels three columns wide.

oneDNN computes this gradient at full speed for kernels up to 3 columns wide and five to twelve times slower for wider
ones. A kernel of 5 columns is therefore taken apart into two of 3, which see the input at different columns.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

Pair = tuple[int, int]


def kernel_gradient(x: Tensor, grad: Tensor, kernel: int, stride: int) -> Tensor:
    """The gradient (C, 1, kernel, kernel) of a depthwise convolution of odd size, kernel 3 or 5, stride 1 or 2.

    x (B, C, h, w) is the input without padding, grad (B, C, h/stride, w/stride) the gradient of the output; both
    channels last. Stride 1 pads kernel // 2 on every side; stride 2 one row and column less before the image, as
    TensorFlow does, and wants even h and w.
    """
    if stride == 2:
        return _strided(x, grad, kernel)
    return _wide(x, grad) if kernel == 5 else _narrow(x, grad, (3, 3), (1, 1))


def _narrow(x: Tensor, grad: Tensor, kernel: Pair, padding: Pair, stride: Pair = (1, 1)) -> Tensor:
    """The gradient (C, 1, *kernel) as the library computes it, `padding` rows and columns on both sides."""
    shaped = x.new_empty(x.shape[1], 1, *kernel)
    found: Tensor = torch.ops.aten.convolution_backward(
        grad, x, shaped, None, stride, padding, (1, 1), False, (0, 0), x.shape[1], (False, True, False)
    )[1]
    return found


def _wide(x: Tensor, grad: Tensor) -> Tensor:
    """5x5, stride 1: columns 0 to 2 from the input moved right by one, columns 3 and 4 from the input moved left.

    In memory a move by a column is a move by C numbers; two columns of zeros after each row keep the rows apart.
    """
    b, c, h, w = x.shape
    count = b * h * (w + 2) * c
    line = x.new_empty(count + 2 * c)
    line[:c], line[c + count :] = 0, 0
    rows = line[c : c + count].view(b, h, w + 2, c)
    rows[:, :, :w], rows[:, :, w:] = x.permute(0, 2, 3, 1), 0
    widened = functional.pad(grad, (0, 2))
    parts = [
        _narrow(line[start : start + count].view(b, h, w + 2, c).permute(0, 3, 1, 2), widened, (5, 3), (2, 1))
        for start in (0, 2 * c)
    ]
    return torch.cat([parts[0], parts[1][..., 1:]], 3)


def _strided(x: Tensor, grad: Tensor, kernel: int) -> Tensor:
    """Stride 2: even and odd columns of the input meet different columns of the kernel, at stride 1 each.

    Kernel 3 starts at the output's own pixel, kernel 5 one before it.
    """
    # The rows keep their stride: one row of zeros more before the image makes the padding the same on both sides.
    even, odd = (
        _narrow(
            x[..., n::2].contiguous(memory_format=torch.channels_last), grad, (kernel + 1, 3), (kernel // 2, 1), (2, 1)
        )
        for n in (0, 1)
    )
    columns: tuple[Tensor, ...] = (even[..., 1], odd[..., 1], even[..., 2])
    if kernel == 5:
        columns = (odd[..., 0], even[..., 1], odd[..., 1], even[..., 2], odd[..., 2])
    return torch.stack(columns, 3)[:, :, 1:]
