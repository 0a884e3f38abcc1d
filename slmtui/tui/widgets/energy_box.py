"""The energy of the turn: joules with their source, the power that they imply, and what they are of."""

from textwrap import wrap

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.cost_line import energy_scope, energy_so_far
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.widgets.panel_box import PanelBox, dim, head

SCOPE = 2
NO_METER = "settings.toml: energy.idle_watts and energy.full_watts give an estimate"
"""It fits into the lines that there are: what is cut off helps nobody."""


class EnergyBox(PanelBox):
    """`~` and the word modelled say that nothing was measured."""

    BOX = "energy"

    def show_energy(self, record: TurnRecord | None) -> None:
        """Draw the energy of the turn so far."""
        self.draw(head("energy", energy_words(record)), dim(wrap(_below(record), WIDTH), SCOPE))


def _below(record: TurnRecord | None) -> str:
    """Return what the joules are of; without a meter, how to have an estimate."""
    if record is None or record.rss_bytes is None:  # no meter was read yet
        return ""
    return NO_METER if record.energy_source == "none" else energy_scope(record)


def energy_words(record: TurnRecord | None) -> str:
    """Return joules, their source and watts."""
    value = fmt.NONE if record is None else energy_so_far(record)
    if record is None or record.energy_source == "none":
        return value
    mark = "~" if record.energy_source == "modelled" else ""
    watts = f" · {mark}{fmt.significant(record.mean_watts)} W" if record.mean_watts is not None else ""
    return f"{value} {record.energy_source}{watts}"


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = EnergyBox()
    box.show_energy(None)
    show_alone(box)
