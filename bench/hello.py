"""The least that Flask can answer: the measure for what our pages cost on top."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Hello."""
    return "Hello, World!"
