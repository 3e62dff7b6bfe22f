"""An object store of the test: what the protocol of S3 needs for contents, over HTTP, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Handler(BaseHTTPRequestHandler):
    """``PUT``, ``GET``, ``HEAD``, ``DELETE`` of objects, and the list of a bucket, two entries at a time."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, tuple[bytes, datetime]]
    asked: list[str]
    refuses: bool

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _error(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.refuses or "AWS4-HMAC-SHA256" not in self.headers.get("Authorization", ""):
            return self._error(403, "AccessDenied")
        self.objects[self._key()] = data, datetime.now(UTC)
        return self._answer(200, ETag=f'"{md5(data, usedforsecurity=False).hexdigest()}"')

    def do_GET(self) -> None:
        if self.refuses:
            return self._error(403, "AccessDenied")
        if "prefix" in (query := parse_qs(urlsplit(self.path).query, keep_blank_values=True)):
            return self._list(query)
        if (found := self.objects.get(self._key())) is None:
            return self._error(404, "NoSuchKey")
        data, modified = found
        about = {"ETag": '"x"', "Last_Modified": format_datetime(modified, usegmt=True)}
        return self._answer(200, data, Content_Length=str(len(data)), **about)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.objects.pop(self._key(), None)
        self._answer(204)

    def _list(self, query: dict[str, list[str]]) -> None:
        bucket, after = self._key().strip("/"), query.get("marker", [""])[0]
        prefix = f"{bucket}/{query['prefix'][0]}"
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > f"{bucket}/{after}")
        entries = "".join(
            f"<Contents><Key>{escape(key.partition('/')[2])}</Key><Size>{len(self.objects[key][0])}</Size>"
            f"<LastModified>{self.objects[key][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in keys[:2]
        )
        more = str(len(keys) > 2).lower()
        marker = f"<NextMarker>{keys[1].partition('/')[2]}</NextMarker>" if len(keys) > 2 else ""
        body = f"<ListBucketResult><IsTruncated>{more}</IsTruncated>{marker}{entries}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test looks at ``asked``."""


class Store:
    def __init__(self, handler: type[Handler], address: str) -> None:
        self.handler, self.address = handler, address
        self.objects, self.asked = handler.objects, handler.asked


@contextmanager
def object_store() -> Iterator[Store]:
    handler = type("Bound", (Handler,), {"objects": {}, "asked": [], "refuses": False})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Store(handler, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
