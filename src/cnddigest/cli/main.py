"""The program around the commands: which there are, and how each of them ends."""

import contextlib
import errno
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import FrameType
from typing import Any

import click

from cnddigest import __version__
from cnddigest.cli import options, output
from cnddigest.cli.catalogue import COMMANDS, PURPOSE, overview
from cnddigest.errors import CndDigestError, WrongUse, remedy

NAME = "cnddigest"
COMPLETION = "_CNDDIGEST_COMPLETE"  # set by the completion scripts of bash, zsh and fish
# Exit codes of shells for a process that a signal ended: 128 and the signal's number.
INTERRUPTED, TERMINATED, PIPE_BROKEN = 130, 143, 141


class Terminated(BaseException):
    """SIGTERM came: unwind, and leave nothing half-written."""


class Program(click.Group):
    """The group of all commands; a command's module is loaded when it is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Return the names in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cnddigest.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; raises WrongUse with the nearest there is."""
        options.refuse_unknown(args[0], COMMANDS, NAME)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the text that the program also gives without click."""
        formatter.write(overview())


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"{NAME} {__version__}")
        ctx.exit()


@click.group(NAME, cls=Program, help=PURPOSE, context_settings={"help_option_names": ["-h", "--help"]})
@options.config
@options.debug
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
def program(config: str | None) -> None:
    """Take what stands before the command; `options.Request` reads it from the context."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 some of it failed, 2 wrong use.

    Nothing but an exit code comes out of here: every error becomes two lines on stderr. With `--debug` among
    the arguments an error is raised as it is.
    """
    output.prepare()
    if not arguments and COMPLETION not in os.environ:
        click.echo(overview(), err=True)
        return WrongUse.exit_code
    try:
        with _unwinding_on_sigterm():
            return _invoke(list(arguments))
    except BrokenPipeError:
        output.forget_stdout()
        return PIPE_BROKEN
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _complain(error, arguments)


def _invoke(arguments: list[str]) -> int:
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, NAME, COMPLETION, instruction)
    try:
        with program.make_context(NAME, arguments) as context:
            code = program.invoke(context)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    sys.stdout.flush()
    return code or 0


@contextlib.contextmanager
def _unwinding_on_sigterm() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise Terminated

    before: Any = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _complain(error: Exception, arguments: Sequence[str]) -> int:
    """Say what went wrong; return the exit code."""
    if isinstance(error, CndDigestError):
        output.error(error.message, error.hint)
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return WrongUse.exit_code
    if isinstance(error, click.ClickException):
        output.error(*_usage(error, arguments))
        return WrongUse.exit_code
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        output.forget_stdout()  # what is buffered would fail once more when Python ends, and change the exit code
        output.error("no space left on the device", remedy(error))
        return CndDigestError.exit_code
    output.error(f"unexpected {type(error).__name__}: {error}", "run it again with --debug, and report what it shows")
    return CndDigestError.exit_code


def _usage(error: click.ClickException, arguments: Sequence[str]) -> tuple[str, str]:
    """Return click's complaint as our sentence and a hint."""
    hint = f"see `{' '.join([NAME, *_named(arguments)])} --help`"
    if isinstance(error, click.NoSuchOption):
        if error.possibilities:
            hint = f"did you mean {' or '.join(sorted(error.possibilities))}?"
        return f"no such option: {error.option_name}", hint
    message = error.format_message().rstrip(".")
    return message[:1].lower() + message[1:], hint


def _named(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command line that name the command, `subscribers` and `add`."""
    outer = next((place for place, word in enumerate(arguments) if word in COMMANDS), None)
    if outer is None:
        return
    yield arguments[outer]
    command = program.get_command(click.Context(program), arguments[outer])
    if isinstance(command, click.Group):
        yield from (word for word in arguments[outer + 1 : outer + 2] if word in command.commands)
