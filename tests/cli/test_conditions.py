"""Commands under conditions that nobody plans: each ends with a sentence and the exit code that is documented."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_postmortem.cli.terminal import Progress, Told, readable
from tests.command import run
from tests.shapes import assert_documented

pytestmark = pytest.mark.usefixtures("warm_start")

COMMAND = [sys.executable, "-m", "sphinx_postmortem"]
PAGE = "# SEC-1: T\n\n:::{incident-summary} SEC-1\nText.\n:::\n"

AUDIENCES = ("--audiences", "internal,leadership,public")


@pytest.fixture(autouse=True, scope="module")
def programs_can_be_interrupted():
    """Where the tests run in the background of a shell, SIGINT is ignored, and programs would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def program(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *COMMAND[1:], *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8", **options)


@pytest.mark.parametrize("command", ["init", "new", "build", "check", "audit", "verify", "serve", "completion"])
def test_unknown_option_is_wrong_use(command):
    done = run(command, "--nonsense")
    assert done.exit_code == 2
    assert "No such option" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "{}", "--title", "x"],
        ["build", "{}", "out"],
        ["audit", "{}", "--source", "."],
        ["audit", ".", "--source", "{}"],
        ["verify", "{}"],
        ["serve", "{}"],
    ],
)
@pytest.mark.parametrize("kind", ["missing", "file"])
def test_folder_that_is_missing_or_a_file_is_wrong_use(tmp_path, arguments, kind):
    (tmp_path / "file").write_text("x")
    done = run(*(argument.format(tmp_path / kind) for argument in arguments))
    assert done.exit_code == 2
    assert ("does not exist" if kind == "missing" else "is a file") in done.output


def test_output_below_a_file_is_a_sentence(site, tmp_path):
    (tmp_path / "file").write_text("x")
    done = run("build", site({"index.md": PAGE}).source, tmp_path / "file" / "out")
    assert done.exit_code == 1
    assert "Not a directory" in done.output
    assert "defect" not in done.output


def test_names_with_spaces_and_letters_of_any_script_work_in_the_c_locale(tmp_path):
    here = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    library, out = tmp_path / "Bücherei α x", tmp_path / "aus ü"
    assert program("init", library, "--theme", "alabaster", "--name", "Bücherei", *AUDIENCES, env=here).returncode == 0
    wrote = program("new", library, "--title", "Überfall — naïve", "--date", "2026-02-01", env=here)
    assert wrote.returncode == 0, wrote.stderr
    assert "Überfall — naïve" in (library / "incidents/2026/sec-2026-001.md").read_text(encoding="utf-8")
    built = program("build", library, out, "--edition", "leadership", env=here)
    assert built.returncode == 0, built.stderr
    assert "Bücherei" in (out / "leadership/html/index.html").read_text(encoding="utf-8")
    assert program("verify", out / "leadership", env=here).returncode == 0


def test_argument_that_the_locale_could_not_decode_is_read_as_utf8():
    assert readable(os.fsdecode("naïve".encode())) == "naïve"
    assert readable("a\udce4b") == "a�b"


def test_closed_standard_input_is_no_terminal(tmp_path):
    run("init", tmp_path, "--theme", "alabaster", *AUDIENCES)
    command = " ".join([*COMMAND, "new", f"'{tmp_path}'", "--date", "2026-02-01"])
    done = subprocess.run(["sh", "-c", f"{command} <&-"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no terminal to ask on; give --title" in done.stderr


def test_page_that_cannot_be_read_is_hidden_and_told(site, tmp_path):
    """Chmod does not stop root, so a link to itself stands for a file without rights."""
    source = site({"index.md": PAGE}).source
    (source / "loop.md").symlink_to("loop.md")
    done = run("build", source, tmp_path / "out", "--edition", "leadership")
    assert "Traceback" not in done.output
    assert not (tmp_path / "out/leadership/html/loop.html").exists()


def test_of_an_error_in_the_build_the_message_is_shown_and_the_log_has_the_rest(site, tmp_path):
    source = site({"index.md": PAGE}, 'html_theme = "nonsense"').source
    done = run("build", source, tmp_path / "out", "--edition", "internal")
    assert done.exit_code == 1
    assert "no theme named 'nonsense' found" in done.output
    assert "Traceback" not in done.output
    assert "Traceback" in (tmp_path / "out/.state/internal/html.log").read_text(encoding="utf-8")


def test_an_error_of_another_kind_is_shown_with_its_type(capsys):
    progress = Progress("x")
    for line in (
        "Versions",
        "=====",
        '      File "x.py", line 3',
        "    ValueError: wrong",
        "    Reason: x",
        "",
        "More",
    ):
        progress.say(line)
    assert capsys.readouterr().err == "ValueError: wrong\nReason: x\n"


def test_a_warning_of_several_editions_is_shown_once_with_their_names(site, tmp_path):
    page = f"{PAGE}\n:::{{nonsense}}\n:::\n\n::::{{internal-only}}\n:::{{nonsense}}\n:::\n::::\n"
    done = run("build", site({"index.md": page}).source, tmp_path / "out")
    assert done.exit_code == 0
    for place, editions in ((r"index\.md:7", "internal, leadership, public"), (r"index\.md:1\d", "internal")):
        assert len(re.findall(f"{place}: WARNING", done.output)) == 1
        assert re.search(rf"^  {editions}: 1 warning: \S*{place}$", done.output, re.MULTILINE)


def test_lines_that_belong_to_a_warning_are_shown_with_it_and_others_always(capsys):
    told = Told()
    warning = ["a.md:3: WARNING: Wrong indent", "  some text", "b.md:1: ERROR: Worse"]
    for edition in ("internal", "public"):
        progress = Progress("x", told=told, edition=edition)
        for line in [*warning, f"{edition} ends"]:
            progress.say(line)
    assert capsys.readouterr().err.splitlines() == [*warning, "internal ends", "public ends"]


def talk(arguments: list[str], until: bytes, send: bytes) -> tuple[str, int]:
    """Run a command on a terminal; when it has printed ``until``, type ``send``. Return its output and exit code.

    It is typed again when nothing happens: a signal just before Python waits for a line is noticed with the next key.
    That is waited for in vain for ten seconds, and for one where it can do no harm to press Ctrl+C again.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(COMMAND[0], [*COMMAND, *arguments])
    shown, typed, most = b"", 0, 60 if send == b"\x03" else 6
    while typed < most:
        is_quiet = not select.select([terminal], [], [], 1 if typed and send == b"\x03" else 10)[0]
        try:
            shown += b"" if is_quiet else os.read(terminal, 4096)
        except OSError:
            break
        if is_quiet or (send and not typed and until in shown):
            os.write(terminal, send)
            typed += 1
    else:
        os.kill(pid, signal.SIGKILL)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_ctrl_c_ends_a_build_and_publishes_nothing(site, tmp_path):
    source, out = site({"index.md": PAGE}).source, tmp_path / "out"
    shown, code = talk(["build", str(source), str(out)], b"building html", b"\x03")
    assert code == 1
    assert "Aborted!" in shown
    assert "Traceback" not in shown
    assert [path.name for path in out.iterdir()] == [".state"]


def test_ctrl_c_at_a_question_writes_nothing(tmp_path):
    run("init", tmp_path, "--theme", "alabaster", *AUDIENCES)
    before = sorted(tmp_path.rglob("*"))
    shown, code = talk(["new", str(tmp_path)], b"Title", b"\x03")
    assert (code, "Aborted!" in shown, "Traceback" in shown) == (1, True, False)
    assert sorted(tmp_path.rglob("*")) == before


def test_new_asks_on_a_terminal_and_takes_what_it_proposes(tmp_path):
    run("init", tmp_path, "--theme", "alabaster", *AUDIENCES)
    shown, code = talk(["new", str(tmp_path), "--date", "2026-02-01"], b"Title", b"Stolen token\n\n\n\n")
    assert code == 0, shown
    assert shown.lstrip().startswith("Title")  # what happened is asked first
    text = (tmp_path / "incidents/2026/sec-2026-001.md").read_text(encoding="utf-8")
    assert text.startswith("# SEC-2026-001: Stolen token\n")
    assert ":severity: SEV-2\n" in text


def test_new_asks_again_for_what_it_cannot_use(tmp_path):
    run("init", tmp_path, "--theme", "alabaster", *AUDIENCES)
    run("new", tmp_path, "--title", "First", "--id", "SEC-2026-007")
    answers = b"\nStolen token\nsoon\n29 Nov 2026\nSEC/1\nsec-2026-007\n\nsev9\nsev2\nsecurity\n"
    shown, code = talk(["new", str(tmp_path)], b"Title", answers)
    assert code == 0, shown
    told = ('"soon" is not a time; write YYYY-MM-DD', '"SEC/1" holds /', "the next free one is SEC-2026-008", '"sev9"')
    assert all(words in shown for words in told), shown
    text = (tmp_path / "incidents/2026/sec-2026-008.md").read_text(encoding="utf-8")
    assert ":date: 2026-11-29\n" in text
    assert ":severity: SEV-2\n" in text


def test_progress_is_shown_on_a_terminal_only(site, tmp_path):
    source = str(site({"index.md": PAGE}).source)
    shown, code = talk(["build", source, str(tmp_path / "a"), "--edition", "internal"], b"", b"")
    assert code == 0
    assert "reading sources..." in shown
    piped = program("build", source, tmp_path / "b", "--edition", "internal")
    assert "reading sources" not in piped.stderr
    assert "\x1b" not in piped.stdout + piped.stderr


def test_ended_build_leaves_no_sphinx_running(site, tmp_path):
    """Who stops only our process, not its whole group, gets the same end."""
    slow = "import time\n\ndef setup(app):\n    app.connect('builder-inited', lambda app: time.sleep(30))\n"
    source = site({"index.md": PAGE}, slow).source
    command = [*COMMAND, "build", str(source), str(tmp_path / "out"), "-v"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        for line in process.stderr or ():
            if "Running Sphinx" in line:
                process.send_signal(signal.SIGINT)
                break
        assert process.wait(15) == 1


def test_json_of_a_build_tells_what_was_published(site, tmp_path):
    done = program("build", site({"index.md": PAGE}).source, tmp_path / "out", "--json", "--edition", "public")
    data = json.loads(done.stdout)
    assert_documented(data, "build --json")
    (edition,) = data["editions"]
    assert edition["published"] is True
    assert edition["html_pages"] == 3
    assert Path(edition["data"][0]).name == "postmortems.json"


def test_colours_are_asked_of_no_program_whose_words_are_read(site, tmp_path):
    source = site({"index.md": "# T\n\n[](nowhere.md)\n"}).source
    forced = {**os.environ, "FORCE_COLOR": "1"}
    done = program("build", source, tmp_path / "out", "--edition", "internal", "-W", "--json", env=forced)
    assert done.returncode == 1
    assert "index.md:3: WARNING: 'myst' cross-reference target not found" in done.stderr
    assert "x1b" not in done.stderr


def test_wrong_use_prints_no_json(tmp_path):
    done = program("build", tmp_path / "nowhere", tmp_path / "out", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not exist" in done.stderr


def test_json_of_a_failed_build_is_still_json(site, tmp_path):
    done = program(
        "build", site({"index.md": "No title.\n\n:::{nonsense}\n:::\n"}).source, tmp_path / "o", "-W", "--json"
    )
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert_documented(data, "build --json")
    assert [edition["published"] for edition in data["editions"]] == [False, False, False]


def test_json_of_new_and_init(tmp_path):
    written = json.loads(program("init", tmp_path / "kb", "--theme", "alabaster", *AUDIENCES, "--json").stdout)
    assert_documented(written, "init --json")
    assert "conf.py" in written["written"]
    assert written["kept"] == []
    made = json.loads(program("new", tmp_path / "kb", "--title", "x", "--date", "2026-01-01", "--json").stdout)
    assert_documented(made, "new --json")
    assert made["id"] == "SEC-2026-001"
    assert Path(made["path"]).is_file()


def test_json_of_verify_lists_the_differences(site, tmp_path):
    run("build", site({"index.md": PAGE}).source, tmp_path / "out", "--edition", "public")
    (tmp_path / "out/public/added.txt").write_text("x")
    done = program("verify", tmp_path / "out/public", "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert_documented(data, "verify --json")
    (folder,) = data["folders"]
    assert len(folder["differences"]) == 1
    assert "added.txt" in folder["differences"][0]


@pytest.mark.parametrize("gone", ["stdout", "stderr"])
def test_a_command_whose_reader_has_gone_ends_as_it_would(gone):
    reader, writer = os.pipe()
    os.close(reader)
    code = (
        "import sys\nfrom sphinx_postmortem.cli.terminal import echo, secho\n"
        f"for _ in range(3):\n  echo('x' * 100000, err={gone == 'stderr'})\n  secho('y', err={gone == 'stderr'})\n"
        "sys.exit(3)"
    )
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, gone: writer}
    process = subprocess.Popen([sys.executable, "-c", code], text=True, **streams)
    os.close(writer)
    said = process.communicate()
    assert process.returncode == 3
    assert not any(said)


@pytest.mark.parametrize(("before", "code"), [("SIG_DFL", 129), ("SIG_IGN", 0)])
def test_a_terminal_that_is_closed_ends_a_command_unless_it_was_started_with_nohup(before, code):
    program_ = (
        f"import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.{before})\nimport sphinx_postmortem.cli.main as cli\n"
        "cli.main.command('wait')(lambda: os.kill(os.getpid(), signal.SIGHUP))\n"
        "sys.argv = ['x', 'wait']\ncli.main()"
    )
    assert subprocess.run([sys.executable, "-c", program_], check=False).returncode == code


def test_a_program_that_runs_a_command_has_its_own_handlers_afterwards():
    watched = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in watched]
    assert run("completion", "bash").exit_code == 0
    assert [signal.getsignal(number) for number in watched] == before
