"""Everything the verbs of publishing work with."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnddigest.ports.files import Crew, FileSink, Inputs
from cnddigest.ports.record import Store
from cnddigest.serial.model import Publication

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

Progress = Callable[[str, int, int], None]  # what is being done, how far it is, how far it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The ports, the publication and its templates, and the moment it is.

    `templates` reads them when something must be rendered, the same ones each time.
    """

    store: Store
    sink: FileSink
    crew: Crew
    inputs: Inputs
    publication: Publication
    templates: "Callable[[], Templates]"
    now: dt.datetime
    progress: Progress
