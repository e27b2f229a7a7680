"""``sphinx-postmortem serve``: a live preview of one edition, on sphinx-autobuild (extra ``serve``)."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sphinx_postmortem.cli.build import check_editions
from sphinx_postmortem.cli.programs import end_programs
from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.cli.terminal import echo
from sphinx_postmortem.core.settings.setting_names import PREVIEW_FOLDER
from sphinx_postmortem.core.working_folders import working_folder

SERVER = "sphinx_postmortem.cli.preview_server"


@click.command()
@click.argument("source", metavar="[SRC]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--edition", metavar="NAME", help="Edition to show. Default: the first, which shows everything.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
def serve(source: Path, edition: str | None, host: str, port: int, open_browser: bool) -> None:
    r"""Show an edition of the site in SRC, and build it anew after each change. Ctrl+C ends it.

    \b
    Examples:
      sphinx-postmortem serve
      sphinx-postmortem serve docs --edition leadership --port 8001

    It answers to addresses in numbers, to localhost, and to the name given as --host; not to other names that point
    here.

    Exit codes: 0 ended, 1 cannot start, 2 wrong use.
    """
    site = read_site(source.resolve())
    name = check_editions(site, (edition,))[0] if edition else site.audiences.internal
    if importlib.util.find_spec("sphinx_autobuild") is None:
        raise SiteError('serve needs sphinx-autobuild; install it with: pip install "sphinx-postmortem[serve]"')
    refuse_taken_port(host, port)
    echo(f"Edition {name} of {site.source} at http://{host}:{port}/ (Ctrl+C ends it)")
    with working_folder("preview") as state:
        command = [sys.executable, "-m", SERVER, host, "--host", host, "--port", str(port)]
        command += ["--open-browser"] if open_browser else []
        command += ["--ignore", "*/build/*", "-q", "-b", "html", "-D", f"postmortem_audience={name}"]
        command += ["-d", str(state / "doctrees"), str(site.source), str(state / "html")]
        code = run_server(command, str(state))
    if code:
        raise SiteError(f"the preview ended with exit code {code}; see above")


def run_server(command: Sequence[str], folder: str) -> int:
    """Run the server until it ends, or this program is asked to end; nothing that it has started lives on.

    What is built into ``folder`` shows what the checks say (:mod:`sphinx_postmortem.sphinx_ext.html.preview`).

    Returns:
        The server's exit code; 0 where Ctrl+C has ended it.
    """
    # The server notices the end of this program by the end of its standard input.
    environment = {**os.environ, PREVIEW_FOLDER: folder}
    server = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, text=True, env=environment)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        end_programs((server,))


def refuse_taken_port(host: str, port: int) -> None:
    """Look whether the address is free.

    Raises:
        SiteError: it is taken, or is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SiteError(f"{host}:{port} cannot be used ({error.strerror}); choose another --port") from error
