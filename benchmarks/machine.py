"""The machine and the engines that were measured, in one line."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("docxtpl", "python-docx", "pypandoc-binary", "typst", "weasyprint")


def describe_machine() -> str:
    """Return processors, memory, system, and the versions of everything measured."""
    memory = psutil.virtual_memory().total / 2**30
    engines = "、".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()}，Python {platform.python_version()}"
    return f"{processor()}，{os.cpu_count()} 核，内存 {memory:.0f} GB；{system}；{engines}、{node()}、{office()}。"


def processor() -> str:
    """Return the name of the processor."""
    listed = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", listed.read_text("utf-8")) if listed.exists() else None
    return found[1] if found else platform.processor()


def node() -> str:
    """Return the version of Node."""
    return f"Node {tell('node', '--version')}"


def office() -> str:
    """Return the version of LibreOffice."""
    return " ".join(tell("soffice", "--version").split()[:2])


def tell(*command: str) -> str:
    """Return what a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
