"""The program around the command line: `threegates`, `python -m threegates` and build_model.py all start here.

Only modules that Python has loaded already are imported at the top, so that Ctrl-C is handled before anything takes time.
"""

from __future__ import annotations

import gc
import io
import os
import sys

INTERRUPTED = 130  # the exit code that shells give to a command which Ctrl-C has ended


class UnprintableError(Exception):
    """Standard output cannot take what is printed."""


class Output(io.TextIOWrapper):
    """Standard output; its errors are told apart from those of files, and a sign that it cannot show becomes "?".

    A reader who has closed the pipe, as `head` does, is no fault: the command goes on to its end, unread.
    """

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            self.discard()
            return len(text)
        except OSError as error:
            raise _unprintable(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            self.discard()
        except OSError as error:
            raise _unprintable(error) from error

    def discard(self) -> None:
        """Sends what is still to be printed nowhere."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


def _unprintable(error: OSError) -> UnprintableError:
    return UnprintableError((error.strerror or str(error)).lower())


def interrupted(*_: object) -> None:
    """Ends the process at once: no library can catch this, and no thread goes on."""
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


def main() -> None:
    """Runs the command line; an interrupt gives one word, an output that cannot be printed a sentence."""
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # otherwise the caller wants it ignored
            signal.signal(signal.SIGINT, interrupted)
    except KeyboardInterrupt:
        interrupted()
    try:
        _run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the exit code is decided


def _run() -> None:
    from threegates.cli import cli, stop

    gc.disable()  # a build lives for a second; collecting garbage would take a tenth of it
    if isinstance(sys.stdout, Output):  # this is not the first command in the process
        pass
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = Output(sys.stdout.buffer, sys.stdout.encoding, "replace")
    else:  # closed by the caller
        sys.stdout = io.StringIO()
    try:
        cli()
    except UnprintableError as error:
        if isinstance(sys.stdout, Output):
            sys.stdout.discard()  # what is left is not tried again
        stop(f"the output cannot be printed: {error}", 1)


if __name__ == "__main__":
    main()
