"""A page that answers in one line."""

import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return os.environ.get("GREETING", "Hello from forge") + "\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
