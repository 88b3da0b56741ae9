"""What settings have in common: precision as text, sizes given together, and what is wrong of them in a sentence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ValidationError, model_validator


def _as_text(value: Any) -> Any:
    """`--set precision=32` and a study's file give a number."""
    return str(value) if isinstance(value, int) else value


Precision = Annotated[Literal["auto", "32", "bf16"], BeforeValidator(_as_text)]


class Sized(BaseModel):
    """Settings with the size of a network's input, whose two sides are given together or not at all."""

    @model_validator(mode="after")
    def _both_sides(self) -> Sized:
        if (getattr(self, "height", None) is None) != (getattr(self, "width", None) is None):
            raise ValueError("height and width are given together or not at all")
        return self


def first_wrong(error: ValidationError) -> str:
    """The first thing that is wrong, as a sentence."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}." if where else f"{first['msg']}."
