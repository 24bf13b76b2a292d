"""A process that has loaded everything once and forks for each command, so that a command costs what it does itself.

One line of JSON in: arguments, folder, environment, limits, and where the run is to be killed or what it is to be
refused. One line out: how it ended, what it printed, memory and processor time. Moments are counted in events that
Python announces (files opened, renamed, removed …), not in seconds: the same on every machine.
"""

import contextlib
import gc
import json
import mmap
import os
import resource
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

# What touches the disk; reads are events as well, for a build may be killed while it reads.
TOUCHES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir", "os.truncate")
LATE = ("generator.commands.setting", "generator.pack.plan", "generator.fonts", "weasyprint",
        "generator.cli", "generator.document.fill", "generator.pack.build", "docxtpl")  # fmt: skip
ENDLESS = 600  # seconds: for what waits and burns no processor time
_COUNTER = struct.Struct("q")


class Clock:
    """A count all processes of one run share."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _COUNTER.size)

    def reset(self) -> None:
        """Begin at nothing."""
        self._shared[:] = _COUNTER.pack(0)

    def tick(self) -> int:
        """Count one more and return how many that makes."""
        number = self.read() + 1
        self._shared[:] = _COUNTER.pack(number)
        return number

    def read(self) -> int:
        """Return the count."""
        return int(_COUNTER.unpack(self._shared[:])[0])


def watch(clock: Clock, asked: dict[str, Any]) -> None:
    """Count the events of this run that touch its folder; at the one asked for, kill the run or refuse the event."""
    folder, last, fault = asked["watch"], asked.get("kill_at"), asked.get("refuse")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in TOUCHES or not arguments or folder not in str(arguments[0]):
            return
        number = clock.tick()
        if number == last:
            os.killpg(0, signal.SIGKILL)
        writing = event != "open" or (len(arguments) > 2 and int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        if fault and writing and number >= fault["from"]:
            raise OSError(fault["errno"], os.strerror(fault["errno"]), str(arguments[0]))

    sys.addaudithook(hook)


class Steps:
    """Every line run while a file is written; at the one asked for, the run is killed."""

    def __init__(self, write: Callable[[Path, bytes], None]) -> None:
        self._write = write
        self.clock: Clock | None = None
        self.last: int | None = None

    def __call__(self, path: Path, data: bytes) -> None:
        """Write the file, counting."""
        if self.clock:
            sys.settrace(self._trace)
        try:
            self._write(path, data)
        finally:
            sys.settrace(None)

    def _trace(self, *_: object) -> Any:
        if self.clock and self.clock.tick() == self.last:
            os.killpg(0, signal.SIGKILL)
        return self._trace


def preload() -> Steps:
    """Import what commands import late, keep what they load anew each time, and return what can count steps."""
    files = import_module("generator.files")
    steps = Steps(files.write_whole)
    vars(files)["write_whole"] = steps  # before others take it by name
    loaded = {name: import_module(name) for name in LATE}
    setting, plan, fonts, print_ = (loaded[name] for name in LATE[:4])
    vars(setting)["open_setting"] = cache(setting.open_setting)
    policy = setting.open_setting().policy
    for name in ("jiangsu/school", "jiangsu/rules-2019"):
        policy.guideline(name)
    vars(plan)["load_sources"] = cache(plan.load_sources)
    plan.load_sources(import_module("generator.paths").templates_dir())
    fonts.covers(fonts.find_faces(), "字")
    print_.HTML(string="<p>a").write_pdf()
    gc.freeze()
    return steps


@dataclass(frozen=True)
class Server:
    """What all runs share."""

    out: Path
    clock: Clock
    steps: Steps


def become(asked: dict[str, Any], server: Server) -> None:
    """Be the command: apart from the group of the tests, with its own folder, environment and limits."""
    os.setsid()
    for handle, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(server.out / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), handle)
    os.chdir(asked["cwd"])
    os.environ.update(asked.get("env", {}))
    time.tzset()
    signal.alarm(ENDLESS)
    for name, value in asked.get("limits", {}).items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    sys.argv = ["kaowu", *asked["arguments"]]
    if asked.get("watch"):
        watch(server.clock, asked)
    if asked.get("steps"):
        server.steps.clock, server.steps.last = server.clock, asked.get("kill_at")
    if not asked.get("sync"):
        vars(os)["fsync"] = lambda _handle: None  # for power cuts, which a kill is not


def run_child(asked: dict[str, Any], server: Server) -> None:
    """Run the command and end as it would."""
    status = 70
    try:
        become(asked, server)
        try:
            import_module("generator.cli").main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        except BaseException as error:  # noqa: BLE001 - what the interpreter would do
            sys.excepthook(type(error), error, error.__traceback__)
            status = 1
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def serve_one(asked: dict[str, Any], server: Server) -> dict[str, Any]:
    """Fork, wait, and return how the run ended; whatever it left running is killed."""
    out, clock = server.out, server.clock
    clock.reset()
    for name in ("stdout", "stderr"):
        (out / name).write_bytes(b"")
    child = os.fork()
    if not child:
        run_child(asked, server)
    if asked.get("kill_after") is not None:
        time.sleep(asked["kill_after"])
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    began = time.monotonic()
    _pid, status, used = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "stdout": (out / "stdout").read_bytes().decode(errors="replace"),
        "stderr": (out / "stderr").read_bytes().decode(errors="replace"),
        "megabytes": used.ru_maxrss // 1024,
        "events": clock.read(),
        "seconds": time.monotonic() - began,
    }


def serve() -> None:
    """Answer until there are no more requests."""
    steps, clock = preload(), Clock()
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name), clock, steps)
        for line in sys.stdin:
            sys.stdout.write(f"{json.dumps(serve_one(json.loads(line), server))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    serve()
