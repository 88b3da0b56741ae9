"""A small index of patches with made embeddings, for tests of refinement that need no network."""

from __future__ import annotations

import numpy as np

from defectstudio.data.project import Project
from defectstudio.data.similarity import PatchIndex


def made_index(project: Project, *, stride: int = 8, seed: int = 0, dimensions: int = 8) -> PatchIndex:
    """Patches of all images at a stride, with embeddings that lean on the pixels' brightness."""
    rng = np.random.default_rng(seed)
    images, rows, columns, looks = [], [], [], []
    for image in project.present_images():
        pixels = project.read(image)
        height, width = pixels.shape[:2]
        for row in range(stride // 2, height, stride):
            for column in range(stride // 2, width, stride):
                images.append(image)
                rows.append(row)
                columns.append(column)
                looks.append(float(pixels[row, column]) / 255)
    bright = np.array(looks, np.float32)
    embedding = rng.normal(0, 0.05, (bright.size, dimensions)).astype(np.float32)
    embedding[:, 0] += bright
    return PatchIndex(
        np.array(images, np.int64), np.array(rows, np.int32), np.array(columns, np.int32), embedding, bright
    )
