"""The base of every model that content loads into."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable model that refuses keys it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
