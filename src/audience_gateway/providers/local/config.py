"""What may be configured for the local store as a provider."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class LocalSettings(BaseModel):
    """Nothing is needed: where the store is stands under ``[gateway]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    display_name: Annotated[str, Field(min_length=1, max_length=100)] = "Local store"
    """What people call it."""
