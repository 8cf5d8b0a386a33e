"""Pages of one sentence, each made once: they need no record, and are asked for by whoever tries addresses."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cnddigest.config import Settings
from cnddigest.inputs import PublicationFolder
from cnddigest.rendering.signs import Sign

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

Said = Callable[["Words"], Sign]


class Signs:
    """Signs in every language, for every depth below the front page. Another template is seen by the next server."""

    def __init__(self, settings: Settings) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._templates: dict[str, Templates] = {}
        self._pages: dict[tuple[Said, str, str], str] = {}

    def at_hand(self, said: Said, language: str, up: str) -> str | None:
        """Return a page that was made before."""
        return self._pages.get((said, language, up))

    def page(self, said: Said, language: str, up: str) -> str:
        """Return a page, `up` leads from it to the front page; raises BadTemplate."""
        from cnddigest.rendering.visits import visit

        templates = self._speak(language)
        sign = said(templates.words)
        own = self._settings.publication
        page = visit(templates, own, "note", title=sign.title, sentence=sign.sentence, up=up)
        self._pages[said, language, up] = page
        return page

    def _speak(self, language: str) -> "Templates":
        from cnddigest.rendering.templates import Templates
        from cnddigest.rendering.words import Words

        if language not in self._templates:
            own = self._settings.publication
            folder = PublicationFolder(self._settings.root, configuration=self._settings.path, recaps=())
            words = Words(language or own.language, own.timezone, folder.catalogs())
            self._templates[language] = Templates(folder.templates(), words)
        return self._templates[language]
