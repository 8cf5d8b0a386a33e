"""Everything the verbs of publishing work with."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from cnddigest.ports import FileSink, Inputs, Store
from cnddigest.rendering.templates import Templates
from cnddigest.serial.model import Publication

Progress = Callable[[str, int, int], None]  # what is being done, how far it is, how far it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The ports, the publication and its templates, and the moment it is."""

    store: Store
    sink: FileSink
    inputs: Inputs
    publication: Publication
    templates: Templates
    now: dt.datetime
    progress: Progress
