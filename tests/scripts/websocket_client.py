"""A WebSocket client (RFC 6455) for the tests. It uses only Python's standard library.

    websocket_client.py PORT [--origin ORIGIN]

Prints `open` after the handshake. Sends each line of its input as a text message, and prints each message of the server:
seconds since the handshake, `text` or `bytes`, and the message as JSON or in hexadecimal. After the end of its input, it
keeps listening. When the server closes the connection, it prints `closed` and the code.
"""

import base64
import hashlib
import json
import os
import socket
import struct
import sys
import threading
import time

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def connect(port):
    """Connects to the server. Retries while the server is starting."""
    for _ in range(400):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit(f"no server listens on port {port}")


def handshake(stream, port, origin):
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET / HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    ]
    if origin:
        lines.append(f"Origin: {origin}")
    stream.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    reader = stream.makefile("rb")
    status = reader.readline().decode().split(" ")[1]
    headers = {}
    for line in iter(reader.readline, b"\r\n"):
        name, value = line.decode().split(":", 1)
        headers[name.strip().lower()] = value.strip()
    if status != "101":
        print("refused", status, flush=True)
        sys.exit(0)
    expected = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    if headers.get("sec-websocket-accept") != expected:
        sys.exit("the server sent a wrong Sec-WebSocket-Accept header")
    return reader


def send(stream, opcode, payload):
    """Sends a frame with a mask, as clients must."""
    mask = os.urandom(4)
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    stream.sendall(head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)))


def frames(reader):
    """Yields the frames of the server: (final, opcode, payload)."""
    while True:
        head = reader.read(2)
        if len(head) < 2:
            return
        if head[1] & 0x80:
            sys.exit("a server must not mask")
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", reader.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", reader.read(8))
        yield bool(head[0] & 0x80), head[0] & 0x0F, reader.read(length)


def type_in(stream):
    for line in sys.stdin:
        send(stream, 1, line.rstrip("\n").encode())


def main():
    port = int(sys.argv[1])
    origin = sys.argv[3] if sys.argv[2:3] == ["--origin"] else None
    stream = connect(port)
    reader = handshake(stream, port, origin)
    opened = time.monotonic()
    print("open", flush=True)
    threading.Thread(target=type_in, args=(stream,), daemon=True).start()
    kind, parts = None, []
    for is_final, opcode, payload in frames(reader):
        if opcode == 8:
            code = struct.unpack("!H", payload[:2])[0] if payload else 1005
            print("closed", code, flush=True)
            send(stream, 8, payload)
            return
        if opcode == 9:
            send(stream, 10, payload)
        if opcode >= 8:
            continue
        kind = opcode or kind
        parts.append(payload)
        if is_final:
            whole, parts = b"".join(parts), []
            printed = json.dumps(whole.decode()) if kind == 1 else whole.hex()
            print(f"{time.monotonic() - opened:.3f}", "text" if kind == 1 else "bytes", printed, flush=True)
    print("closed without a close frame", flush=True)


main()
