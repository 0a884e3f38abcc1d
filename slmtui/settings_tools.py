"""The settings of what agents may use: `[tools]`, and a `[[tools.mcp]]` for every MCP server."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from slmtui.agents_table import Table


def _several(value: Any) -> Any:
    """Take one for a list of one."""
    return (value,) if isinstance(value, str | Path) else value


Paths = Annotated[tuple[Path, ...], BeforeValidator(_several)]
Names = Annotated[tuple[str, ...], BeforeValidator(_several)]


class McpTable(Table):
    """An MCP server that is started and spoken to over its pipes. `timeout` is in seconds, for one call."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")
    command: str = Field(min_length=1)
    args: Names = ()
    env: dict[str, str] = Field(default_factory=dict)
    timeout: float = Field(default=30.0, gt=0, le=3600)


class ToolsTable(Table):
    """What agents may use beside the tools that are always there.

    `folder` may be read, `tables` are CSV and SQLite files that may be asked, `functions` are Python files
    whose public functions become tools, and `mcp` names servers. With `enabled`, only the tools named in it
    are there; those in `disabled` never are. A name may end in `*`.
    """

    folder: Path | None = Field(default=None, description="a folder whose files agents may read")
    tables: Paths = Field(default=(), description="CSV and SQLite files that agents may ask")
    functions: Paths = Field(default=(), description="Python files whose public functions become tools")
    mcp: tuple[McpTable, ...] = Field(default=(), description="MCP servers whose tools agents may call")
    python: bool = Field(default=True, description="let agents run Python in a process with limits")
    enabled: Names = Field(default=(), description="only these tools are there; a name may end in *")
    disabled: Names = Field(default=(), description="these tools never are there")

    @field_validator("mcp")
    @classmethod
    def _one_of_a_name(cls, servers: tuple[McpTable, ...]) -> tuple[McpTable, ...]:
        names = [server.name for server in servers]
        if len(set(names)) < len(names):
            raise ValueError("two servers have the same name; each should have its own")
        return servers


def with_home(tools: ToolsTable, expanded: Callable[[Path | str], str]) -> ToolsTable:
    """Return the table with its paths and commands as `expanded` has them."""
    return tools.model_copy(
        update={
            "folder": Path(expanded(tools.folder)) if tools.folder else None,
            "tables": tuple(Path(expanded(path)) for path in tools.tables),
            "functions": tuple(Path(expanded(path)) for path in tools.functions),
            "mcp": tuple(
                server.model_copy(
                    update={
                        "command": expanded(server.command),
                        "args": tuple(expanded(arg) if arg.startswith("~") else arg for arg in server.args),
                    }
                )
                for server in tools.mcp
            ),
        }
    )
