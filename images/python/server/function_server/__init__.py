"""The function server of the Python runtime images: Bottle on waitress, in supervised workers."""
