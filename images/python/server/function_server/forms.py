"""Bottle's forms, as the runtime contract wants them."""

from typing import Any

import bottle


def prepare_forms(limit: int) -> None:
    """Lets forms be as large as bodies may be, in bytes; what cannot be read in one is the client's fault."""
    # Bottle refuses forms, and several small files, beyond a limit of its own; the server's are enough.
    bottle.BaseRequest.MEMFILE_MAX = limit
    read = bottle.BaseRequest.POST.getter

    def post(request: bottle.BaseRequest) -> Any:
        try:
            return read(request)
        except (UnicodeError, LookupError) as error:  # bytes that are no text, a charset that there is not
            raise bottle.MultipartError(str(error)) from None

    bottle.BaseRequest.POST = bottle.DictProperty("environ", "bottle.request.post", read_only=True)(post)
