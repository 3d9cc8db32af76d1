"""Referrals between practices and wards."""
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/healthz")
def health():
    return jsonify(status="ok")


@app.get("/referrals")
def referrals():
    return jsonify([{"id": 8120, "from": "practice-77", "to": "cardiology"}])
