"""Nothing is lost: whatever stops a build, a reader finds each earlier file whole, and the next build tidies up."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, how_many, invoke
from threegates.problems import InputError
from threegates.report import files

FILES = ("scenarios.xlsx", "summary.md", "scenarios.zh.xlsx", "summary.zh.md", "results.csv")
EDIT = ("reference_tokens:\n    base: 1", "reference_tokens:\n    base: 2")
Contents = dict[str, bytes]
posix = pytest.mark.skipif(os.name != "posix", reason="signals, permissions and limits of POSIX")


def contents(folder: Path) -> Contents:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def builds(small_yaml: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Contents, Contents]:
    """An edited YAML, and what the small and the edited one build."""
    folder = tmp_path_factory.mktemp("faults")
    other = folder / "small.yaml"
    text = small_yaml.read_text("utf-8")
    assert EDIT[0] in text
    other.write_text(text.replace(*EDIT, 1), "utf-8")
    assert invoke("--output", folder / "old", "--assumptions", small_yaml).returncode == 0
    assert invoke("--output", folder / "new", "--assumptions", other).returncode == 0
    return other, contents(folder / "old"), contents(folder / "new")


def filled(folder: Path, files_: Contents) -> Path:
    folder.mkdir()
    for name, content in files_.items():
        (folder / name).write_bytes(content)
    return folder


def started(folder: Path, assumptions: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, ROOT / "build_model.py", "--output", folder, "--assumptions", assumptions]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed_while_writing(folder: Path, assumptions: Path, seconds: float) -> bool:
    """Kills a build so long after its first file has appeared beside the outputs; True where it was still at work."""
    process = started(folder, assumptions)
    while process.poll() is None and not list(folder.glob(f"{files.PREFIX}*")):
        time.sleep(0.0005)
    time.sleep(seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def killed_anywhere(folder: Path, assumptions: Path, seconds: float) -> bool:
    process = started(folder, assumptions)
    time.sleep(seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


@posix
@pytest.mark.parametrize("count", how_many(2, 100, parts=2))
def test_a_build_killed_at_any_moment_leaves_each_earlier_file_whole(
    count: int, builds: tuple[Path, Contents, Contents], tmp_path: Path, record_property: Callable[..., None]
) -> None:
    """Half of the kills fall into the few milliseconds of writing. The next build leaves no temporary file behind."""
    other, old, new = builds
    moments, at_work = random.Random(5), 0
    for number in range(count):
        folder = filled(tmp_path / str(number), old)
        if number % 2:
            at_work += killed_anywhere(folder, other, moments.uniform(0, 1.2))
        else:
            at_work += killed_while_writing(folder, other, moments.uniform(0, 0.02))
        for name in FILES:
            assert (folder / name).read_bytes() in (old[name], new[name]), name
        files.write_all(folder, new)
        assert contents(folder) == new
    assert at_work >= count // 4
    record_property("builds killed at work", at_work)


WAYS = ([str(ROOT / "build_model.py")], ["-m", "threegates"])


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Programs started here heed Ctrl-C, even where these tests were started in the background and do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(way: list[str], folder: Path, assumptions: Path, imports: int, seconds: float) -> tuple[int, str]:
    """Interrupts a build so long after so many imports, of which the first is that of ``signal`` by the program itself.

    What comes before that is the start of Python, which answers Ctrl-C in its own way. A negative number of seconds
    waits for the first file beside the outputs. Gives the exit code and what was said.
    """
    command = [sys.executable, "-X", "importtime", *way, "--output", folder, "--assumptions", assumptions]
    log = folder.with_suffix(".log")
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stream)
    while process.poll() is None and log.read_bytes().partition(b" signal")[2].count(b"\n") < imports:
        time.sleep(0.0005)
    while seconds < 0 and process.poll() is None and not list(folder.glob(f"{files.PREFIX}*")):
        time.sleep(0.0005)
    time.sleep(max(seconds, 0))
    process.send_signal(signal.SIGINT)
    code = process.wait()
    lines = log.read_text("utf-8").splitlines()
    return code, "\n".join(line for line in lines if not line.startswith("import time:"))


@posix
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("count", "way"),
    [
        pytest.param(3, WAYS[0], id="3-build_model.py"),
        *(pytest.param(60, way, marks=pytest.mark.slow, id=f"60-{way[-1]}") for way in WAYS),
    ],
)
def test_a_build_interrupted_at_any_moment_says_one_word_and_leaves_the_outputs_whole(
    count: int,
    way: list[str],
    builds: tuple[Path, Contents, Contents],
    tmp_path: Path,
    record_property: Callable[..., None],
) -> None:
    """The first imports, later ones, the build and the writing, in turn: the outputs are wholly the old or the new ones."""
    other, old, new = builds
    moments, at_work = random.Random(5), 0
    for number in range(count):
        folder = filled(tmp_path / str(number), old)
        imports = (1, moments.randint(2, 1000), 400, 400)[number % 4]
        code, said = interrupted(way, folder, other, imports, (0, 0, moments.uniform(0, 1.5), -1)[number % 4])
        assert (code, said) in ((130, "interrupted"), (0, ""))
        assert contents(folder) in (old, new)
        at_work += code == 130
    assert at_work >= count / 2
    record_property("builds interrupted at work", at_work)


@posix
@pytest.mark.parametrize("count", how_many(2, 40))
def test_builds_at_once_into_one_folder_take_turns(
    count: int,
    small_yaml: Path,
    builds: tuple[Path, Contents, Contents],
    tmp_path: Path,
    record_property: Callable[..., None],
) -> None:
    """Whichever is last, the files belong together, and nothing else is left."""
    other, old, new = builds
    folder = tmp_path / "output"
    waiting = [started(folder, (small_yaml, other)[number % 2]) for number in range(count)]
    for process in waiting:
        assert process.communicate()[1] == b""
        assert process.returncode == 0
    assert contents(folder) in (old, new)
    record_property("builds at once", count)


@pytest.mark.parametrize("count", how_many(2, 20))
def test_a_yaml_changed_during_the_build_counts_as_it_was_or_as_it_is(
    count: int,
    small_yaml: Path,
    builds: tuple[Path, Contents, Contents],
    tmp_path: Path,
    record_property: Callable[..., None],
) -> None:
    """Saved again and again in place, also half: the outputs are wholly of one version, or there is a sentence."""
    other, old, new = builds
    texts = small_yaml.read_bytes(), other.read_bytes(), other.read_bytes()[:20_000]
    changing, folder, done = tmp_path / "small.yaml", tmp_path / "output", threading.Event()
    changing.write_bytes(texts[0])

    def save() -> None:
        number = 0
        while not done.wait(0.003):
            number += 1
            changing.write_bytes(texts[number % 3])

    saving = threading.Thread(target=save)
    saving.start()
    try:
        for _ in range(count):
            process = started(folder, changing)
            said = process.communicate()[1].decode()
            assert process.returncode in (0, 1)
            assert bool(said) == (process.returncode == 1)
            assert "Traceback" not in said
            assert not folder.exists() or contents(folder) in (old, new)
    finally:
        done.set()
        saving.join()
    record_property("builds of a changing YAML", count)


@posix
def test_a_reader_who_holds_the_old_file_open_reads_on(builds: tuple[Path, Contents, Contents], tmp_path: Path) -> None:
    _, old, new = builds
    folder = filled(tmp_path / "output", old)
    with (folder / "summary.md").open("rb") as reader:
        first = reader.read(100)
        files.write_all(folder, new)
        assert first + reader.read() == old["summary.md"]
    assert contents(folder) == new


@pytest.mark.parametrize("name", FILES)
def test_an_output_that_another_program_keeps_for_itself_stops_all_of_them(
    name: str, builds: tuple[Path, Contents, Contents], tmp_path: Path
) -> None:
    """As Excel does on Windows; here a file that may not be changed at all does."""
    _, old, new = builds
    folder = filled(tmp_path / "output", old)
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", folder / name], check=False).returncode:
        pytest.skip("a file can be made unchangeable by root alone")
    try:
        with pytest.raises(InputError) as refused:
            files.write_all(folder, new)
    finally:
        subprocess.run(["chattr", "-i", folder / name], check=True)
    assert str(refused.value) == (
        f"{folder / name}: output: cannot be written: no permission; close the file in Excel, or choose another --output"
    )
    assert contents(folder) == old


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_gives_one_sentence_and_keeps_the_earlier_files(small_disk: Path, small_yaml: Path) -> None:
    (small_disk / "summary.md").write_text("earlier")
    done = invoke("--output", small_disk, "--assumptions", small_yaml)
    assert done.returncode == 1
    assert done.stderr == (
        f"{small_disk / 'scenarios.xlsx'}: output: cannot be written: the disk is full; "
        "free some space, or choose another --output\n"
    )
    assert contents(small_disk) == {"summary.md": b"earlier"}


def test_a_disk_that_is_read_only_gives_one_sentence(small_disk: Path, small_yaml: Path) -> None:
    (small_disk / "summary.md").write_text("earlier")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = invoke("--output", small_disk, "--assumptions", small_yaml)
    assert done.returncode == 1
    assert done.stderr == (
        f"{small_disk / 'scenarios.xlsx'}: output: cannot be written: the disk is read-only; choose another --output\n"
    )
    assert contents(small_disk) == {"summary.md": b"earlier"}


def in_child(action: Callable[[], None], before: Callable[[], None]) -> str:
    """What ``action`` says when it is refused, in a process of its own after ``before``."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        words = b"no error"
        try:
            before()
            action()
        except InputError as error:
            words = str(error).encode()
        except BaseException as error:
            words = repr(error).encode()
        os.write(writer, words)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        return stream.read().decode()


def test_a_file_may_have_a_folder_of_its_own_which_is_tidied_up_too(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / f"{files.PREFIX}left{files.SUFFIX}").write_text("of a killed build")
    (tmp_path / "pictures" / "own.png").write_text("a reader's")
    assert files.write_all(tmp_path, {"pictures/a.png": b"a", "b.txt": b"b"}) == [
        tmp_path / "pictures/a.png",
        tmp_path / "b.txt",
    ]
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["a.png", "own.png"]


def test_a_folder_of_pictures_that_is_a_file_gives_one_sentence_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file")
    with pytest.raises(InputError, match=r"pictures: output: cannot be written: file exists; check --output$"):
        files.write_all(tmp_path, {"b.txt": b"b", "pictures/a.png": b"a"})
    assert contents(tmp_path) == {"pictures": b"a file"}


@posix
def test_a_folder_that_may_not_be_written_gives_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    (folder / "a.txt").write_text("earlier")
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_mode & 0o777 == 0o700 and parent.name.startswith(("pytest-", "popen-", "test_")):
            parent.chmod(0o755)

    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)

    words = in_child(lambda: files.write_all(folder, {"a.txt": b"new"}) and None, as_nobody)
    assert words == (
        f"{folder / 'a.txt'}: output: cannot be written: no permission; "
        "close the file in Excel, or choose another --output"
    )
    assert (folder / "a.txt").read_text() == "earlier"


@posix
def test_a_limit_on_the_size_of_files_gives_one_sentence_and_keeps_the_earlier_files(tmp_path: Path) -> None:
    import resource

    (tmp_path / "a.txt").write_text("earlier")

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    words = in_child(lambda: files.write_all(tmp_path, {"b.txt": b"x", "a.txt": b"x" * 10_000}) and None, no_room)
    assert words == f"{tmp_path / 'a.txt'}: output: cannot be written: file too large; check --output"
    assert contents(tmp_path) == {"a.txt": b"earlier"}


@posix
def test_a_name_that_is_too_long_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"earlier")
    long = tmp_path / ("x" * 300)
    with pytest.raises(InputError, match=r"x: output: cannot be written: file name too long; check --to$"):
        files.amend(tmp_path / "a.yaml", long, {"a.yaml": b"earlier"}, {long.name: b"new"})
    assert contents(tmp_path) == {"a.yaml": b"earlier"}


def test_a_folder_that_is_a_file_gives_one_sentence(tmp_path: Path, small_yaml: Path) -> None:
    (tmp_path / "output").write_text("a file")
    done = invoke("--output", tmp_path / "output", "--assumptions", small_yaml)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'output'}: output: cannot be written: file exists; check --output\n"


def test_an_output_that_is_a_folder_gives_one_sentence(tmp_path: Path, small_yaml: Path) -> None:
    (tmp_path / "summary.md").mkdir()
    (tmp_path / "scenarios.xlsx").write_text("earlier")
    done = invoke("--output", tmp_path, "--assumptions", small_yaml)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'summary.md'}: output: cannot be written: is a directory; check --output\n"
    assert (tmp_path / "scenarios.xlsx").read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scenarios.xlsx", "summary.md"]


@posix
def test_a_build_waits_for_another_that_writes_and_then_goes_on(tmp_path: Path, monkeypatch) -> None:
    """It does not take the files of the other for left-overs, not even when its patience is at an end."""
    import fcntl

    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.1)
    theirs = tmp_path / f"{files.PREFIX}x{files.SUFFIX}"
    theirs.write_text("half a file")
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    files.write_all(tmp_path, {"a.txt": b"a"})
    assert contents(tmp_path) == {"a.txt": b"a", theirs.name: b"half a file"}
    os.close(handle)
    files.write_all(tmp_path, {"a.txt": b"b"})
    assert contents(tmp_path) == {"a.txt": b"b"}


def test_without_locks_only_what_is_old_counts_as_left_over(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(files, "fcntl", None)  # as on Windows
    young, old = (tmp_path / f"{files.PREFIX}{age}{files.SUFFIX}" for age in ("young", "old"))
    for path in (young, old):
        path.write_text("half a file")
    os.utime(old, (time.time() - 3600,) * 2)
    files.write_all(tmp_path, {"a.txt": b"a"})
    assert sorted(contents(tmp_path)) == [young.name, "a.txt"]
