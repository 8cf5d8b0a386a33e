"""The commands there are, a line on each: all that the program's own help needs."""

COMMANDS = {
    "init": "Make a new publication folder that publishes at once.",
    "outline": "Show how a recap is understood: days, sessions, findings.",
    "plan": "Show the Parts and the moments they go out.",
    "publish": "Release what is due, write the output folder, send the mail.",
    "hold": "Let nothing of a Serial come out, until it may go on.",
    "deliver": "Send what is queued or due for another try.",
    "run": "Watch the clock: release, deliver, until it is stopped.",
    "deliveries": "Show who got what, person by person.",
    "resend": "Queue a Part's Issue once more, for those who missed it.",
    "subscribers": "Take people in, show them, let them go.",
    "bounces": "Read returned mail and complaints.",
    "serve": "Serve the publication, and every reader's own feed.",
    "preview": "Show pages, mail and feeds while a recap is written.",
    "admin-password": "Set the password of the pages at /admin/.",
    "rehearse": "Show the whole replay ahead of time: pages, feeds, messages.",
    "status": "Show what is out, what comes next, and how the mail stands.",
    "doctor": "Check configuration, recaps, output and record.",
}
OPTIONS = {
    "-c, --config FILE": "The publication's cnddigest.toml; also after the command.",
    "--version": "Show the version.",
    "-h, --help": "Show this text, or that of a command.",
}
USAGE = "cnddigest [OPTIONS] COMMAND [ARGS]..."
PURPOSE = "Replay a conference recap: one long article in, a day-by-day feed out."
EXAMPLE = "cnddigest init harbour && cd harbour && cnddigest publish"


def overview() -> str:
    """Return the text of `cnddigest --help`, without a line end after it."""
    return "\n\n".join(
        (
            f"Usage: {USAGE}",
            f"  {PURPOSE}",
            _columns("Options", OPTIONS),
            _columns("Commands", COMMANDS),
            f"Example:\n  {EXAMPLE}",
        )
    )


def _columns(heading: str, lines: dict[str, str]) -> str:
    width = max(map(len, lines))
    return "\n".join([f"{heading}:", *(f"  {name:{width}}  {text}" for name, text in lines.items())])
