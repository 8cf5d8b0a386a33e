"""Lines of Hatena, Hugo and Jekyll as the markdown they stand for; a line stays a line."""

import re
from bisect import bisect_right
from collections.abc import Sequence

OPENS_CODE = re.compile(r">\|([A-Za-z0-9_+#-]{0,20})\|?[ \t]*\Z")  # Hatena's `>|ruby|`, `>||` and `>|`
CLOSES_CODE = re.compile(r"\|{1,2}<[ \t]*\Z")
FENCE = "``````"  # longer than any that stands in the code
STARRED = re.compile(r"(\*{1,3})(?![\s*])([^*]{1,200})\Z")  # Hatena's heading

TARGETS = (
    re.compile(r"\]\(\s*\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"{}\s]{1,500})\"?[^{}]{0,200}\}\}"),  # Hugo's page
    re.compile(r"\]\(\s*\{%-?\s*(?:post_url|link)\s+([^\s{}%]{1,500})\s*-?%\}"),  # Jekyll's page
    re.compile(r"\]\(\s*\{\{\s*(?:site|page)\.[\w.]{1,100}\s*(?:\|[^{}]{0,100})?\}\}()"),  # Jekyll's base
)
TOC = re.compile(r"\{:\s*toc[^{}]*\}[ \t]*\Z", re.IGNORECASE)
TOC_ITEM = re.compile(r"(?:[-*+]|\d\.) +\S{1,40}(?: \S{1,40}){0,3}\Z")
MOST_LINES = 2_000  # of code or a quotation, before its end is given up


def rewrite(lines: list[str]) -> None:
    """Write lines anew that mean something on one of these sites."""
    if not any(line[:1] in ">*{" or "]({" in line or "]( {" in line for line in lines):
        return
    _hatena_blocks(lines)
    _hatena_headings(lines)
    for n, line in enumerate(lines):
        if "]({" in line or "]( {" in line:
            lines[n] = _targets(line)
        elif TOC.match(line) and n and TOC_ITEM.match(lines[n - 1]):
            lines[n - 1], lines[n] = "", "{:toc}"


def _targets(line: str) -> str:
    for pattern in TARGETS:
        line = pattern.sub(r"](\1", line)
    return line


def _hatena_blocks(lines: list[str]) -> None:
    codes = [n for n, line in enumerate(lines) if line[:1] == "|" and CLOSES_CODE.match(line)]
    quotes = [n for n, line in enumerate(lines) if line[:2] == "<<" and not line[2:].strip()]
    n = 0 if codes or quotes else len(lines)
    while n < len(lines):
        line = lines[n]
        if line[:1] == ">" and (found := OPENS_CODE.match(line)) and (end := _next(codes, n)):
            lines[n], lines[end] = FENCE + found[1], FENCE
            n = end
        elif line[:2] == ">>" and not line[2:].strip() and (end := _next(quotes, n)):
            lines[n : end + 1] = ["", *("> " + inner for inner in lines[n + 1 : end]), ""]
            n = end
        n += 1


def _next(places: Sequence[int], n: int) -> int:
    """Return the next of these places, 0 if there is none in reach."""
    after = bisect_right(places, n)
    return places[after] if after < len(places) and places[after] - n <= MOST_LINES else 0


def _hatena_headings(lines: list[str]) -> None:
    """Take `*Title` for a heading where several lines begin so and nothing ends so: then it is no emphasis."""
    starred = {n: found for n, line in enumerate(lines) if line[:1] == "*" and (found := STARRED.match(line))}
    spans_lines = any("*" in line.lstrip("*") for n in starred for line in lines[n + 1 : n + 2])
    if len(starred) < 2 or spans_lines or any(line.startswith("# ") for line in lines):
        return
    for n, found in starred.items():
        lines[n] = f"{'#' * (len(found[1]) + 1)} {found[2].strip()}"
