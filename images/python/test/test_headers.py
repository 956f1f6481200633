import bottle
import pytest
from function_server.answers import PLAIN_TEXT
from function_server.headers import function_headers, length_for_head


def test_the_type_follows_from_the_body_where_the_function_sets_none() -> None:
    response = bottle.Response()
    assert function_headers(response, PLAIN_TEXT) == [("Content-Type", PLAIN_TEXT)]
    response.set_header("X-A", "ü")
    assert function_headers(response, PLAIN_TEXT) == [("X-A", "Ã¼"), ("Content-Type", PLAIN_TEXT)]
    response.content_type = "text/csv"
    assert ("Content-Type", "text/csv") in function_headers(response, PLAIN_TEXT)


@pytest.mark.parametrize(
    "name",
    ["Connection", "Transfer-Encoding", "Content-Length", "Proxy-Authorization", "Trailer", "Trailers"],
)
def test_what_is_between_server_and_client_is_left_out(name: str) -> None:
    response = bottle.Response()
    response.set_header(name, "x")
    assert function_headers(response, None) == []


@pytest.mark.parametrize("name", ["", "X A", "X:A", "Ü"])
def test_a_name_that_http_does_not_allow_is_an_error(name: str) -> None:
    response = bottle.Response()
    response.set_header(name, "x")
    with pytest.raises(ValueError, match="no name for a header"):
        function_headers(response, None)


def test_head_answers_with_the_length_of_what_get_would_send() -> None:
    response = bottle.Response()
    assert length_for_head(response, b"four") == "4"
    response.set_header("Content-Length", "100")
    assert length_for_head(response, b"") == "100"
    assert length_for_head(response, b"four") == "4"
