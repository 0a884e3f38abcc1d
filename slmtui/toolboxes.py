"""Gathers every tool of the settings, and says why one is not there."""

import atexit
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from slmtui.settings import Settings
from slmtui.settings_tools import McpTable, ToolsTable
from slmtui.tool_schemas import fitting
from tools.cutting import TokenCounter, estimated_tokens
from tools.date_text import Now
from tools.extras import ToolOff
from tools.file_places import FolderError
from tools.functions import FunctionsError, function_tools
from tools.mcp_server import McpCommand, McpServer, why_no_mcp
from tools.mcp_tools import mcp_tools
from tools.note_writing import add_note_tool
from tools.notes_index import NotesIndex
from tools.plain_text import visible
from tools.read_file import read_file_tool
from tools.registry import MAX_TOKENS, Tool, Toolbox
from tools.run_python import NAME as PYTHON
from tools.run_python import PythonRunner, python_tool, why_no_python
from tools.table_catalogue import TablesError
from tools.tables import table_tools
from tools.toolbox import standard_tools


@dataclass(slots=True)
class ToolSupply:
    """Every tool that the settings allow, shared by all sessions, and those that are off.

    Close it at the end: it owns the processes of Python and of the MCP servers.
    """

    tools: tuple[Tool, ...]
    off: tuple[ToolOff, ...]
    _close: Callable[[], None] = lambda: None

    def box(self, count: TokenCounter = estimated_tokens, max_tokens: int = MAX_TOKENS) -> Toolbox:
        """Return a box of the tools for a session; it costs nothing, and results are cut by its count."""
        return Toolbox(self.tools, count=count, max_tokens=max_tokens)

    def close(self) -> None:
        """End every process that a tool has started; what needs one then says that it cannot be used."""
        self._close()


def gather_tools(settings: Settings, *, now: Now = datetime.now) -> ToolSupply:
    """Return the tools of the settings, the notes indexed and the MCP servers asked. Raises `NotesError`.

    What else cannot be had is off with a reason. Waits for the slowest server.
    """
    return begin_gathering(settings, now=now)()


def begin_gathering(
    settings: Settings, *, now: Now = datetime.now, index: NotesIndex | None = None
) -> Callable[[], ToolSupply]:
    """Gather what is on this machine and start the MCP servers; the function returned waits for these.

    Notes go into `index`, if one is given. Raises `NotesError`. Waiting may be done in a thread, and once.
    """
    gathering = _Gathering(settings.tools, now)
    gathering.start_servers()
    try:
        gathering.add_notes_and_standard(settings.notes, index or NotesIndex())
        gathering.add_files()
        gathering.add_python()
        gathering.add_functions()
    except BaseException:
        gathering.close()
        raise
    atexit.register(gathering.close)
    return gathering.finish


@dataclass(slots=True)
class _Gathering:
    table: ToolsTable
    now: Now
    tools: list[Tool] = field(default_factory=list)
    off: list[ToolOff] = field(default_factory=list)
    closers: list[Callable[[], None]] = field(default_factory=list)
    servers: list[McpServer] = field(default_factory=list)

    def finish(self) -> ToolSupply:
        """Return what was gathered, with what the servers offer, without what the settings leave out."""
        self.add_servers()
        tools, off = _selected(self.tools, self.table)
        return ToolSupply(tuple(tools), (*self.off, *off), self.close)

    def close(self) -> None:
        """End every process that was started."""
        atexit.unregister(self.close)
        closers, self.closers = self.closers, []
        for close in closers:
            close()

    def start_servers(self) -> None:
        """Start the MCP servers, which takes them a while."""
        if not self.table.mcp:
            return
        if (why := why_no_mcp()) is not None:
            self.off += [ToolOff(server.name, why) for server in self.table.mcp]
            return
        self.servers = [McpServer(_command(server)) for server in self.table.mcp]
        self.closers.append(lambda: _close_all(self.servers))
        for server in self.servers:
            server.start()

    def add_notes_and_standard(self, folder: Path | None, index: NotesIndex) -> None:
        """Add the tools that are always there, and those of the notes."""
        notes = None if folder is None else index
        if folder is not None:
            index.build(folder)
        self._add(standard_tools(now=self.now, notes=notes))
        if folder is None:
            reason = "no folder of notes: name one as `notes` in the settings, or with --notes"
            self.off += [
                ToolOff("search_notes", reason, asked=False),
                ToolOff("add_note", reason, asked=False),
            ]
        else:
            self._add([add_note_tool(folder, self.now, notes)])

    def add_files(self) -> None:
        """Add the tools of the user's folder and tables."""
        if self.table.folder is None:
            reason = "no folder to read from: name one as `folder` under [tools] in the settings"
            self.off.append(ToolOff("read_file", reason, asked=False))
        else:
            try:
                self._add([read_file_tool(self.table.folder)])
            except FolderError as error:
                self.off.append(ToolOff("read_file", str(error)))
        self._add_tables()

    def _add_tables(self) -> None:
        names = ("table_figure", "query_table")
        if not self.table.tables:
            reason = "no tables: name CSV or SQLite files as `tables` under [tools] in the settings"
            self.off += [ToolOff(name, reason, asked=False) for name in names]
            return
        try:
            self._add(table_tools(self.table.tables))
        except TablesError as error:
            self.off += [ToolOff(name, str(error)) for name in names]

    def add_python(self) -> None:
        """Add Python, where its optional part is installed."""
        if not self.table.python:
            self.off.append(ToolOff(PYTHON, "`python = false` under [tools] in the settings", asked=False))
        elif (why := why_no_python()) is not None:
            self.off.append(ToolOff(PYTHON, why, asked="python" in self.table.model_fields_set))
        else:
            runner = PythonRunner(self.now)
            self.closers.append(runner.close)
            self._add([python_tool(runner)])

    def add_functions(self) -> None:
        """Add the functions of the user's files."""
        for file in self.table.functions:
            try:
                functions = function_tools(file)
            except FunctionsError as error:
                self.off.append(ToolOff(visible(file.name), str(error)))
                continue
            self.off += functions.off
            self._add_foreign(functions.tools)

    def add_servers(self) -> None:
        """Add what the MCP servers have told by now, or wait for it."""
        for server in self.servers:
            tools, off = mcp_tools(server)
            self.off += off
            self._add_foreign(tools)

    def _add_foreign(self, tools: Iterable[Tool]) -> None:
        for tool in tools:
            if (fitted := fitting(tool)) is not None:
                self._add([fitted])
            else:
                self.off.append(ToolOff(tool.name, f"{tool.source}: its arguments are too odd for a grammar"))

    def _add(self, tools: Iterable[Tool]) -> None:
        names = {tool.name for tool in self.tools}
        for tool in tools:
            if tool.name in names:
                reason = f"{tool.source}: there is a tool of that name already; give it another"
                self.off.append(ToolOff(tool.name, reason))
            else:
                self.tools.append(tool)
                names.add(tool.name)


def _selected(tools: Iterable[Tool], table: ToolsTable) -> tuple[list[Tool], list[ToolOff]]:
    """Return the tools that `enabled` and `disabled` leave, and the others."""
    kept, off = [], []
    used: set[str] = set()
    for tool in tools:
        enabling = [each for each in table.enabled if fnmatchcase(tool.name, each)]
        disabling = [each for each in table.disabled if fnmatchcase(tool.name, each)]
        used.update(enabling, disabling)
        if disabling:
            off.append(ToolOff(tool.name, "named as `disabled` under [tools] in the settings", asked=False))
        elif table.enabled and not enabling:
            off.append(
                ToolOff(tool.name, "not named as `enabled` under [tools] in the settings", asked=False)
            )
        else:
            kept.append(tool)
    return kept, [*off, *_unused((*table.enabled, *table.disabled), used)]


def _unused(names: Iterable[str], used: set[str]) -> Iterator[ToolOff]:
    reason = "named in the settings, and there is no such tool here"
    return (ToolOff(visible(name), reason) for name in dict.fromkeys(names) if name not in used)


def _command(server: McpTable) -> McpCommand:
    return McpCommand(server.name, server.command, server.args, server.env, server.timeout)


def _close_all(servers: Iterable[McpServer]) -> None:
    """End the servers side by side."""
    servers = tuple(servers)
    for server in servers:
        server.close_soon()
    for server in servers:
        server.close()
