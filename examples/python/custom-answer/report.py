"""Sets status, headers and content type of the answer, and refuses what it does not know."""

import bottle

REPORTS = {"spring": "month,sales\nmarch,12\napril,15\n"}


def download(event, context):
    name = event["extensions"]["request"].query.name
    if name not in REPORTS:
        bottle.abort(404, f"There is no report {name}.")
    response = event["extensions"]["response"]
    response.content_type = "text/csv; charset=utf-8"
    response.set_header("Content-Disposition", f'attachment; filename="{name}.csv"')
    return REPORTS[name]
