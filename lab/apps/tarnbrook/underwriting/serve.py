"""Underwriting rules as a WSGI application."""
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"underwriting 5.5\n"]
