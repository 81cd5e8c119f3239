"""The peer of the web's measure: a view that says hello, and nothing else."""

from flask import Flask


def application() -> Flask:
    """A bare Flask application."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app
