"""Uses a package from requirements.txt, which the platform installs beside the function."""

import inflection


def slug(event, context):
    return inflection.parameterize(event["data"])
