"""The fonts of this machine: where they lie, and the first of those that suit the look of the pages."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "/run/current-system/sw/share/X11/fonts"),
    *("~/.local/share/fonts", "~/.fonts", "/Library/Fonts", "~/Library/Fonts", "/System/Library/Fonts"),
    "C:/Windows/Fonts",
)
# Headings are set in a serif where there is one. The faces of Noto and Source Han have Chinese, Japanese, Korean and
# all European letters; the others are Japanese.
EVERYWHERE = (
    *("NotoSerifCJK-Bold.ttc", "NotoSerifCJK-SemiBold.ttc", "SourceHanSerif-Bold.ttc", "NotoSerifCJK-Regular.ttc"),
    *("NotoSansCJK-Bold.ttc", "SourceHanSans-Bold.ttc", "NotoSansCJK-Regular.ttc"),
)
JAPANESE = (
    *("NotoSerifCJKjp-Bold.otf", "NotoSerifJP-Bold.otf", "NotoSerifJP-Bold.ttf", "NotoSansCJKjp-Bold.otf"),
    *(
        "NotoSansJP-Bold.otf",
        "NotoSansJP-Bold.ttf",
        "ヒラギノ明朝 ProN.ttc",
        "ヒラギノ角ゴシック W6.ttc",
        "yumindb.ttf",
    ),
    *("YuGothB.ttc", "meiryob.ttc", "BIZUDPMincho-Regular.ttf", "ipaexm.ttf", "ipaexg.ttf", "ipam.ttf", "ipag.ttf"),
)
EUROPEAN = (
    *("NotoSerif-Bold.ttf", "LiberationSerif-Bold.ttf", "Georgia Bold.ttf", "georgiab.ttf", *EVERYWHERE),
    *("DejaVuSerif-Bold.ttf", "NotoSans-Bold.ttf", "LiberationSans-Bold.ttf", "DejaVuSans-Bold.ttf"),
    *("Arial Bold.ttf", "arialbd.ttf"),
)
# The place of a language's face in the files that hold them all (notofonts/noto-cjk).
FACES = {"ko": 1, "zh": 2, "zh-hans": 2, "zh-cn": 2, "zh-hant": 3, "zh-tw": 3, "zh-hk": 4}


def wanted(scripts: frozenset[str], language: str) -> Sequence[str]:
    """Return the names of fonts that have these scripts (as in `picture.poster`), best first; none for others."""
    if scripts - {"european", "east-asian"}:
        return ()
    if "east-asian" not in scripts:
        return EUROPEAN
    return EVERYWHERE if _tag(language) in FACES else (*EVERYWHERE, *JAPANESE)


def find(names: Sequence[str], folders: Sequence[str] = FOLDERS) -> Path | None:
    """Return the file of the first of these names that lies in a folder of fonts, None where none does."""
    ranks = {name: rank for rank, name in enumerate(names)}
    found: dict[int, Path] = {}
    for folder in folders:
        for base, _, files in os.walk(Path(folder).expanduser()):
            for name in files:
                rank = ranks.get(unicodedata.normalize("NFC", name))
                if rank is not None:
                    found.setdefault(rank, Path(base, name))
    return found[min(found)] if found else None


def face(path: Path, language: str) -> int:
    """Return which face of a file is the language's: the first one but in files that hold several languages'."""
    return FACES.get(_tag(language), 0) if path.name in EVERYWHERE else 0


def _tag(language: str) -> str:
    folded = language.replace("_", "-").lower()
    return folded if folded in FACES else folded.partition("-")[0]
