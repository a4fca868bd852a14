"""S19: the REST contract holds. Schemathesis asks a real server for everything that its OpenAPI document allows,
as three roles; no answer may be a server error or differ from what the document says.

The control is a server that carries the same document and breaks it: it must be found.
Settings: CLAVIGER_BINARY (the server), CLAVIGER_REQUESTS (requests in all, at least).
"""

import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

BINARY = os.path.abspath(os.environ.get("CLAVIGER_BINARY", "target/debug/claviger"))
REQUESTS = int(os.environ.get("CLAVIGER_REQUESTS", "2000"))
ROLES = ("owner", "warehouse", "view_only")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# It never ends by itself.
LEFT_OUT = ("event_follow",)
# Schemathesis keeps notes of what it finds where it runs.
NOTES = tempfile.TemporaryDirectory()
SCHEMATHESIS = pathlib.Path(sys.executable).with_name("schemathesis")


def main() -> int:
    with tempfile.TemporaryDirectory() as data:
        origin, server, tokens = start(pathlib.Path(data))
        try:
            document = get(f"{origin}/api/v1/openapi.json")
            operations = sum(len(path) for path in json.loads(document)["paths"].values())
            # Some operations have fewer cases than asked for.
            each = 2 * (REQUESTS // (len(ROLES) * operations) + 1)
            results = [ask(role, origin, tokens[role], each) for role in ROLES]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    control = broken_server_is_found(document)
    requests = sum(count for count, _ in results)
    failed = sum(not passed for _, passed in results) + (not control) + (requests < REQUESTS)
    print(f"S19 operations={operations} roles={len(ROLES)} requests={requests} failing_roles={failed} control_found={control}")
    print(f"{len(ROLES) + 2 - failed} passed, {failed} failed")
    return 1 if failed else 0


def start(data: pathlib.Path):
    """A server of its own, and an API token for each role."""
    set_up = [BINARY, "setup", "--data", str(data), "--tenant", "Contract", "--administrator", "owner@example.test", "--api-token"]
    printed = subprocess.run(set_up, check=True, capture_output=True, text=True).stdout
    owner = re.search(r"clv_[\w-]+", printed).group(0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [BINARY, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    origin = f"http://localhost:{port}"
    wait_for(f"{origin}/readyz", server)
    tokens = {"owner": owner}
    for role in ROLES[1:]:
        body = json.dumps({"name": f"contract {role}", "role": role}).encode()
        headers = {"authorization": f"Bearer {owner}", "content-type": "application/json"}
        request = urllib.request.Request(f"{origin}/api/v1/api-tokens", body, headers, method="POST")
        with urllib.request.urlopen(request) as answer:
            tokens[role] = json.load(answer)["token"]
    return origin, server, tokens


def wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the server ended at its start")
        try:
            get(url)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise SystemExit("the server did not become ready")


def get(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def ask(role: str, origin: str, token: str, examples: int) -> tuple[int, bool]:
    """Runs schemathesis as a role; how many requests it made, and whether it found nothing."""
    command = [
        SCHEMATHESIS, "run", f"{origin}/api/v1/openapi.json", "--origin", origin,
        "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", "examples,fuzzing",
        "--max-examples", str(examples), "--generation-deterministic", "--workers", "2", "--no-color",
        "--warnings", "off", "--request-timeout", "30", "--suppress-health-check", "all", "--continue-on-failure",
    ]
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    run = subprocess.run(command, capture_output=True, text=True, cwd=NOTES.name)
    # The token is in no output: schemathesis masks it in the commands that it prints.
    if run.returncode:
        print(f"--- as {role}\n{run.stdout}\n{run.stderr}")
    made = re.search(r"([\d,]+) generated", run.stdout)
    return int(made.group(1).replace(",", "")) if made else 0, run.returncode == 0


def broken_server_is_found(document: str) -> bool:
    """The same document over a server that fails: schemathesis must say so."""

    class Broken(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            found = self.path.endswith("/openapi.json")
            body = document.encode() if found else b"Internal Server Error"
            self.send_response(200 if found else 500)
            self.send_header("content-type", "application/json" if found else "text/plain")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    command = [
        SCHEMATHESIS, "run", f"{origin}/api/v1/openapi.json", "--origin", origin, "--checks", CHECKS,
        "--phases", "fuzzing", "--max-examples", "1", "--max-failures", "1", "--no-color", "--warnings", "off", "--suppress-health-check", "all",
    ]
    run = subprocess.run(command, capture_output=True, text=True, cwd=NOTES.name)
    server.shutdown()
    return run.returncode != 0 and "Server error" in run.stdout


if __name__ == "__main__":
    sys.exit(main())
