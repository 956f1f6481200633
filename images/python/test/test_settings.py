import re

import pytest
from function_server.settings import MEBIBYTE, SettingError, read_settings

FUNCTION = {"MOD_NAME": "hello", "FUNC_HANDLER": "greet"}


def test_the_platform_needs_to_say_no_more_than_the_function() -> None:
    settings = read_settings(FUNCTION)
    assert (settings.port, settings.timeout, settings.root) == (8080, 180, "/kubeless")
    assert (settings.body_limit, settings.multipart_limit) == (MEBIBYTE, 32 * MEBIBYTE)
    assert settings.cors_origin == "*"
    assert settings.context["timeout"] == 180.0


def test_fractions_of_seconds_and_mebibytes() -> None:
    settings = read_settings({**FUNCTION, "FUNC_TIMEOUT": "0.5", "REQ_MB_LIMIT": "0.25"})
    assert (settings.timeout, settings.body_limit) == (0.5, MEBIBYTE // 4)


def test_cors_can_be_turned_off() -> None:
    assert read_settings({**FUNCTION, "CORS_ORIGIN": "off"}).cors_origin is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOD_NAME", ""),
        ("MOD_NAME", "../hello"),
        ("FUNC_HANDLER", " "),
        ("FUNC_PORT", "abc"),
        ("FUNC_PORT", "0"),
        ("FUNC_PORT", "80.5"),
        ("FUNC_TIMEOUT", "-1"),
        ("FUNC_TIMEOUT", "nan"),
        ("FUNC_TIMEOUT", "inf"),
        ("FUNC_WORKERS", "1.5"),
        ("FUNC_WORKERS", "1000000000"),
        ("FUNC_THREADS", "0"),
        ("FUNC_DRAIN_DELAY", "soon"),
        ("LOG_FORMAT", "xml"),
        ("CORS_ORIGIN", "a\r\nSet-Cookie: b"),
        ("CORS_ORIGIN", "https://bücher.example"),
    ],
)
def test_a_bad_value_is_named_with_its_fix_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} is \"") as raised:
        read_settings({**FUNCTION, name: value})
    assert re.search(r": set it to .", str(raised.value))
    assert "\n" not in str(raised.value)
