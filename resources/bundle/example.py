"""Runs this detector without DefectStudio: python example.py IMAGE [IMAGE ...]; one JSON line an image.

Needs numpy, pillow, and onnxruntime (or openvino). Images are resized, never cut into tiles.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(__file__).parent
model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
want, outputs = model["preprocessing"], ("heat", "score")
try:
    from onnxruntime import InferenceSession

    network = InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    infer = lambda x: network.run(outputs, {"image": x})
except ImportError:
    sys.modules["openvino_telemetry"] = None  # else openvino reports every import to its maker
    from openvino import compile_model

    network = compile_model(folder / "model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    infer = lambda x: [network({"image": x})[name] for name in outputs]


def predict(path):
    """P(defect) of the image, and of each cell of a heat map (h, w) over it."""
    size, image = (want["width"], want["height"]), Image.open(path)
    image = image.convert({"1": "L", "P": "RGB", "LA": "L", "PA": "RGB"}.get(image.mode, image.mode))
    pixels = np.atleast_3d(np.asarray(image))[..., :3]
    values = np.moveaxis(pixels / np.float32(65535 if pixels.dtype == np.uint16 else 255), 2, 0)
    planes = np.stack([Image.fromarray(v).resize(size, Image.Resampling.BILINEAR) for v in values])
    planes = planes.mean(0, keepdims=True) if want["channels"] == 1 else np.broadcast_to(planes, (3, *planes.shape[1:]))
    heat, score = infer(np.ascontiguousarray(planes[None]))
    return float(score[0]), heat[0, 0]


if __name__ == "__main__":
    for path in sys.argv[1:]:
        score, _ = predict(path)
        print(json.dumps({"image": path, "score": score, "defective": score >= model["threshold"]}))
