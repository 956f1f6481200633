"""The environment, read and checked once: every problem is one line that says how to mend it."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

from function_server.cpus import available_cpus

MEBIBYTE = 1024 * 1024


class SettingError(Exception):
    """A variable has a value that cannot be used; the message names it, its value and the fix."""


@dataclass(frozen=True)
class Settings:
    """Times are in seconds, sizes in bytes."""

    module: str
    handler: str
    root: str
    port: int
    timeout: float
    body_limit: int
    multipart_limit: int
    workers: int
    threads: int
    shutdown_timeout: float
    drain_delay: float
    json_log: bool
    cors_origin: str | None
    context: dict[str, str | float]


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Reads the variables of the runtime contract. Raises SettingError for the first bad one."""
    module = _name(env, "MOD_NAME", "the function file's name without .py")
    if "/" in module or module in (".", ".."):
        raise _problem("MOD_NAME", module, "set it to a file name in MOD_ROOT_PATH, without a path")
    origin = env.get("CORS_ORIGIN") or "*"
    if not (origin.isascii() and origin.isprintable()):
        raise _problem("CORS_ORIGIN", origin, 'set it to an origin, "*" or "off"')
    timeout = _number(env, "FUNC_TIMEOUT", 180, "a number of seconds above 0", 0.001)
    return Settings(
        module=module,
        handler=_name(env, "FUNC_HANDLER", "the name of a function in the module"),
        root=env.get("MOD_ROOT_PATH") or "/kubeless",
        port=int(_number(env, "FUNC_PORT", 8080, "a port number from 1 to 65535", 1, 65535, whole=True)),
        timeout=timeout,
        body_limit=_mebibytes(env, "REQ_MB_LIMIT", 1),
        multipart_limit=_mebibytes(env, "REQ_MULTIPART_MB_LIMIT", 32),
        workers=int(
            _number(
                env,
                "FUNC_WORKERS",
                available_cpus(),
                "a number of processes from 1 to 512",
                1,
                512,
                whole=True,
            )
        ),
        threads=int(
            _number(env, "FUNC_THREADS", 64, "a number of threads from 1 to 1024", 1, 1024, whole=True)
        ),
        shutdown_timeout=_number(env, "FUNC_SHUTDOWN_TIMEOUT", 10, "a number of seconds, 0 or more", 0),
        drain_delay=_number(env, "FUNC_DRAIN_DELAY", 0, "a number of seconds, 0 or more", 0),
        json_log=_choice(env, "LOG_FORMAT", ("combined", "json")) == "json",
        cors_origin=None if origin == "off" else origin,
        context={
            "function-name": env["FUNC_HANDLER"],
            "timeout": float(timeout),  # a number, as in Kubeless
            "runtime": env.get("FUNC_RUNTIME", ""),
            "memory-limit": env.get("FUNC_MEMORY_LIMIT", ""),
        },
    )


def _problem(name: str, value: str, fix: str) -> SettingError:
    return SettingError(f'{name} is "{value}": {fix}'.replace("\n", "\\n"))


def _name(env: Mapping[str, str], name: str, meaning: str) -> str:
    value = env.get(name, "")
    if not value.strip():
        raise _problem(name, value, f"set it to {meaning}")
    return value


def _number(
    env: Mapping[str, str],
    name: str,
    default: float,
    meaning: str,
    least: float,
    most: float = math.inf,
    *,
    whole: bool = False,
) -> float:
    text = env.get(name, "")
    if text == "":
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (least <= value <= most) or math.isinf(value) or (whole and not value.is_integer()):
        raise _problem(name, text, f"set it to {meaning} (or leave it unset for {default:g})")
    return value


def _mebibytes(env: Mapping[str, str], name: str, default: int) -> int:
    return int(_number(env, name, default, "a number of MiB above 0", 1e-6) * MEBIBYTE)


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise _problem(name, value, f"set it to {' or '.join(choices)} (or leave it unset for {choices[0]})")
    return value
