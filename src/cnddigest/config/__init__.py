"""One TOML file and the environment, checked, as one frozen Settings."""

from cnddigest.config.loading import FILE_NAME, load
from cnddigest.config.model import Settings

__all__ = ["FILE_NAME", "Settings", "load"]
