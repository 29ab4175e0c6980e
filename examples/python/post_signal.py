#!/usr/bin/env python3
"""Post one trading signal to Quantdeck and, with --listen, watch the live stream.

Standard library only, Python 3.9 or newer. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any, Iterator
from urllib.parse import urlsplit

STREAM_PATH = "/ws/trading-signals"
# Heartbeats come every 30 s: a stream that is silent for longer than this is dead.
SILENCE_SECONDS = 75
WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MAX_MESSAGE_BYTES = 1024 * 1024

EXIT_OK, EXIT_ERROR, EXIT_REFUSED = 0, 1, 2


class Failure(Exception):
    """Something the person at the terminal should read as one sentence."""


def main() -> int:
    options = parse_arguments()
    try:
        stream = open_stream(options.url, options.key) if options.listen else None
        code = post_and_report(options) if options.signal else EXIT_OK
        if stream is not None:
            listen(stream, options.seconds)
        return code
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_OK


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Post one trading signal to Quantdeck.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="base URL (default: %(default)s)")
    parser.add_argument(
        "--key",
        default=os.environ.get("QUANTDECK_API_KEY"),
        help="API key with the scope signals (default: $QUANTDECK_API_KEY)",
    )
    parser.add_argument("--strategy", help="strategy_code, e.g. ppo_v1")
    parser.add_argument("--symbol", default="USD/COP", help="default: %(default)s")
    parser.add_argument("--signal", choices=["LONG", "SHORT", "HOLD", "CLOSE"])
    parser.add_argument("--confidence", type=float, default=0.75, help="0 to 1 (default: %(default)s)")
    parser.add_argument("--size", type=float, default=0.1, help="fraction of the allocation, 0 to 1 (default: %(default)s)")
    parser.add_argument("--entry-price", type=float)
    parser.add_argument("--stop-loss", type=float)
    parser.add_argument("--take-profit", type=float)
    parser.add_argument("--reasoning", help="shown to people next to the signal")
    parser.add_argument("--client-signal-id", default=str(uuid.uuid4()), help="repeat it to ask again without acting twice")
    parser.add_argument("--listen", action="store_true", help=f"watch {STREAM_PATH}; without --signal only watch")
    parser.add_argument("--seconds", type=float, help="stop listening after this long (default: until interrupted)")
    options = parser.parse_args()
    if options.signal is None and not options.listen:
        parser.error("give --signal, --listen or both")
    if options.signal is not None and not options.strategy:
        parser.error("--signal needs --strategy")
    if options.signal is not None and not options.key:
        parser.error("posting needs an API key: --key or QUANTDECK_API_KEY")
    return options


# ---------------------------------------------------------------- posting


def post_and_report(options: argparse.Namespace) -> int:
    answer = post_json(options.url + "/api/signals", options.key, signal_body(options))
    result = answer["results"][0]
    print(f"signal  {result['signal_id']}  {result['symbol']} {result['signal']} ({result['strategy_code']})")
    print(f"outcome {result['outcome']}" + (" (already known)" if result["duplicate"] else ""))
    for order_id in result["order_ids"]:
        print(f"order   {order_id}")
    for violation in result["violations"]:
        # The message holds what was observed and the limit; both are fields of their own as well.
        print(f"reason  {violation['code']}: {violation['message']}")
    return EXIT_REFUSED if result["outcome"] == "REFUSED" else EXIT_OK


def signal_body(options: argparse.Namespace) -> dict[str, Any]:
    body = {
        "strategy_code": options.strategy,
        "symbol": options.symbol,
        "signal": options.signal,
        "confidence": options.confidence,
        "size": options.size,
        "entry_price": options.entry_price,
        "stop_loss": options.stop_loss,
        "take_profit": options.take_profit,
        "reasoning": options.reasoning,
        "client_signal_id": options.client_signal_id,
    }
    return {name: value for name, value in body.items() if value is not None}


def post_json(url: str, key: str, body: dict[str, Any], attempts: int = 4) -> dict[str, Any]:
    """One Idempotency-Key for all attempts: a repeated request after a lost answer acts only once."""
    request = urllib.request.Request(url, data=json.dumps(body).encode(), method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {key}")
    request.add_header("Idempotency-Key", str(uuid.uuid4()))
    for attempt in range(1, attempts + 1):
        wait = float(attempt)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            reason = explain(error)
            if error.code not in (429, 503):
                raise Failure(reason) from error
            wait = max(wait, retry_after(error))
        except (urllib.error.URLError, OSError) as error:
            reason = f"{url} cannot be reached: {getattr(error, 'reason', error)}"
        except ValueError as error:
            raise Failure(f"{url} answered something that is not JSON") from error
        if attempt < attempts:
            print(f"{reason}; trying again in {wait:g} s", file=sys.stderr)
            time.sleep(wait)
    raise Failure(reason)


def retry_after(error: urllib.error.HTTPError) -> float:
    value = error.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 0.0


def explain(error: urllib.error.HTTPError) -> str:
    try:
        body = json.load(error)
    except ValueError:
        body = {}
    text = f"HTTP {error.code} {body.get('error', error.reason)}: {body.get('message', 'no details')}"
    details = body.get("details")
    if details:
        text += f" {json.dumps(details, ensure_ascii=False)}"
    return text


# ---------------------------------------------------------------- listening


def listen(stream: socket.socket, seconds: float | None) -> None:
    deadline = None if seconds is None else time.monotonic() + seconds
    with stream:
        for text in read_messages(stream, deadline):
            print(show(text), flush=True)


def show(text: str) -> str:
    message = json.loads(text)
    data = message["data"]
    if message["type"] == "signal":
        return (
            f"{message['timestamp']} signal        {data['strategy_code']} {data['signal']}"
            f" {data.get('symbol', '')} at {data['price']}, confidence {data['confidence']:.0%}: {data['reasoning']}"
        )
    if message["type"] == "heartbeat":
        return f"{message['timestamp']} heartbeat     {data['connected_clients']} connected"
    return f"{message['timestamp']} market_status {json.dumps(data)}"


def open_stream(base: str, key: str | None) -> socket.socket:
    """The opening handshake of RFC 6455; the key travels in a header, never in the URL."""
    url = urlsplit(base)
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    nonce = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {STREAM_PATH} HTTP/1.1",
        f"Host: {url.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {nonce}",
        "Sec-WebSocket-Version: 13",
    ]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    try:
        stream = socket.create_connection((url.hostname or "", port), timeout=15)
        if secure:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=url.hostname)
        stream.sendall("\r\n".join([*lines, "", ""]).encode())
        check_handshake(read_head(stream), nonce)
    except OSError as error:
        raise Failure(f"the stream at {base} cannot be reached: {error}") from error
    return stream


def read_head(stream: socket.socket) -> str:
    # Byte by byte: what follows the head is already the first message.
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte or len(head) > 16_384:
            raise Failure("the server broke off the opening handshake")
        head += byte
    return head.decode("latin-1")


def check_handshake(head: str, nonce: str) -> None:
    status, *fields = head.split("\r\n")
    if " 101 " not in status + " ":
        raise Failure(f"the server refused the stream: {status}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    expected = base64.b64encode(hashlib.sha1((nonce + WEBSOCKET_GUID).encode()).digest()).decode()
    if headers.get("sec-websocket-accept") != expected:
        raise Failure("the server's handshake does not fit ours")


def read_messages(stream: socket.socket, deadline: float | None) -> Iterator[str]:
    parts = b""
    while True:
        try:
            final, opcode, payload = read_frame(stream, deadline)
        except TimeoutError:
            if deadline is not None and time.monotonic() >= deadline:
                return
            raise Failure(f"the stream was silent for {SILENCE_SECONDS} s") from None
        if opcode == 0x8:
            raise Failure(f"the server closed the stream: {close_reason(payload)}")
        if opcode == 0x9:
            send_frame(stream, 0xA, payload)
            continue
        if opcode not in (0x0, 0x1):
            continue
        parts += payload
        if len(parts) > MAX_MESSAGE_BYTES:
            raise Failure("the server sent a message of more than 1 MiB")
        if final:
            yield parts.decode()
            parts = b""


def read_frame(stream: socket.socket, deadline: float | None) -> tuple[bool, int, bytes]:
    first, second = read_exactly(stream, 2, deadline)
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(read_exactly(stream, 2, deadline), "big")
    elif length == 127:
        length = int.from_bytes(read_exactly(stream, 8, deadline), "big")
    if length > MAX_MESSAGE_BYTES:
        raise Failure("the server sent a frame of more than 1 MiB")
    return bool(first & 0x80), first & 0x0F, read_exactly(stream, length, deadline)


def read_exactly(stream: socket.socket, count: int, deadline: float | None) -> bytes:
    data = b""
    while len(data) < count:
        left = SILENCE_SECONDS if deadline is None else min(SILENCE_SECONDS, deadline - time.monotonic())
        stream.settimeout(max(left, 0.001))
        try:
            chunk = stream.recv(count - len(data))
        except socket.timeout as error:  # an alias of TimeoutError since 3.10
            raise TimeoutError from error
        except OSError as error:
            raise Failure(f"the stream broke: {error}") from error
        if not chunk:
            raise Failure("the server ended the connection")
        data += chunk
    return data


def send_frame(stream: socket.socket, opcode: int, payload: bytes) -> None:
    """Frames of clients are masked (RFC 6455, 5.3); control frames are at most 125 bytes long."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    stream.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked)


def close_reason(payload: bytes) -> str:
    if len(payload) < 2:
        return "no reason given"
    code = int.from_bytes(payload[:2], "big")
    words = {4401: "log in first", 4403: "not allowed", 1013: "this client is too slow", 1012: "the server restarts"}
    return f"{code} {payload[2:].decode(errors='replace') or words.get(code, '')}".strip()


if __name__ == "__main__":
    sys.exit(main())
