"""The only place where edges meet verbs: settings in, an opened publication out."""

from cnddigest.wiring.publication import Opened, open_publication

__all__ = ["Opened", "open_publication"]
