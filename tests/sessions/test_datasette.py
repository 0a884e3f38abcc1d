from pathlib import Path
from urllib.parse import quote

from datasette.app import Datasette

from sessions.store import Store
from tests.sessions.comparisons import keep_run


async def test_every_table_and_view_opens_in_datasette(store: Store, path: Path) -> None:
    keep_run(store, 3)
    store.close()
    served = Datasette([str(path)], settings={"num_sql_threads": 0})
    listed = (await served.client.get("/sessions.json")).json()
    tables, views = ({each["name"] for each in listed[kind]} for kind in ("tables", "views"))
    assert {"runs", "arms", "data_sets", "items", "attempts", "turns", "calls", "tool_calls"} <= tables
    assert {"attempts_by_state", "cost_per_right_answer", "causes_of_failure", "regressions"} <= views
    for name in sorted(tables | views):
        answer = await served.client.get(f"/sessions/{quote(name)}.json?_shape=objects")
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["rows"] is not None
    page = await served.client.get("/sessions/attempts_by_state.json?_shape=array")
    assert sum(row["attempts"] for row in page.json()) == 9
