"""An MCP server written by hand, which does what no server should: `python FILE HOW`."""

import json
import os
import signal
import sys
import time
from typing import Any

HOW = sys.argv[1]
DEEP: dict[str, Any] = {"type": "string"}
for _ in range(60):
    DEEP = {"type": "array", "items": DEEP}
SCHEMAS: dict[str, Any] = {
    "fine": {"type": "object", "properties": {"x": {"type": "string"}}},
    "odd": {
        "type": "object",
        "properties": {
            "tree": {"$ref": "#/$defs/tree"},
            "code": {"type": "string", "pattern": "^(a|b)+c?$"},
            "many": {"type": "array", "items": {"type": "integer", "multipleOf": 3}, "uniqueItems": True},
        },
        "required": ["code", "absent"],
        "$defs": {"tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}}}},
    },
    "hidden": {"type": "object", "properties": {"x\u202e\x1b[2J": {"type": "string"}}},
    "deep": {"type": "object", "properties": {"x": DEEP}},
    "large": {"type": "object", "properties": {f"p{n}": {"enum": ["y" * 50] * 20} for n in range(60)}},
    "crowd": {"type": "object", "properties": {f"p{n}": {} for n in range(100)}},
}


def main() -> None:
    if HOW == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if HOW in {"hang", "stubborn"}:
        time.sleep(120)
    if HOW == "deaf":
        print("cannot open the index", file=sys.stderr)
        return
    while HOW == "flood":
        os.write(1, b"x" * 65536)
    while HOW == "garbage":
        os.write(1, b"\xff\x00 not JSON\n{}\n[]\n\n5\n")
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message:
            answer(message)
    while HOW == "stays":
        time.sleep(1)


def answer(message: dict[str, Any]) -> None:
    method = message["method"]
    if method == "initialize":
        about = {"name": "raw", "version": "1"}
        reply(message, {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": about})
    elif method == "tools/list":
        listing(message)
    elif method == "tools/call":
        called(message)
    else:
        write({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no such method"}})


def listing(message: dict[str, Any]) -> None:
    if HOW == "endless":
        page = int(message.get("params", {}).get("cursor", "0"))
        tools = [tool(f"t{page}_{n}", SCHEMAS["fine"]) for n in range(30)]
        reply(message, {"tools": tools, "nextCursor": str(page + 1)})
    elif HOW == "nonsense":
        reply(message, {"tools": [{"name": "x", "inputSchema": {"type": "array"}}]})
    elif HOW == "same":
        reply(message, {"tools": [tool("a b", SCHEMAS["fine"]), tool("a.b", SCHEMAS["fine"])]})
    else:
        reply(message, {"tools": [tool(name, schema) for name, schema in SCHEMAS.items()]})


def called(message: dict[str, Any]) -> None:
    while HOW == "late flood":
        os.write(1, b"x" * 65536)
    while HOW == "many":
        os.write(1, b'{"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}\n' * 1000)
    if HOW == "nonsense result":
        reply(message, {"content": 5})
    elif HOW == "other id":
        write({"jsonrpc": "2.0", "id": 99999, "result": {"content": []}})
    else:
        content: list[dict[str, Any]] = [
            {"type": "text", "text": "one"},
            {"type": "image", "data": "AAAA", "mimeType": "image/png"},
            {"type": "resource", "resource": {"uri": "file:///a", "text": "two"}},
            {"type": "resource_link", "uri": "file:///b", "name": "b"},
        ]
        reply(message, {"content": content})


def tool(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "inputSchema": schema}


def reply(message: dict[str, Any], result: dict[str, Any]) -> None:
    write({"jsonrpc": "2.0", "id": message["id"], "result": result})


def write(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
