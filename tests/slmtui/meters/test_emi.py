import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.meters import emi
from slmtui.meters.counter import CounterMeter
from slmtui.meters.emi import Channel, emi_counters, parse_channels, parse_energy
from slmtui.meters.emi_device import emi_devices

METADATA = bytes.fromhex(
    # EMI_METADATA_V2 of a device "Intel" "RAPL", revision 1, with three channels
    "49006e00740065006c00000000000000000000000000000000000000000000005200410050004c00000000000000"
    "000000000000000000000000000000000000" "01000300"
    "000000002400" "5200410050004c005f005000610063006b0061006700650030005f0050004b0047000000"
    "000000002400" "5200410050004c005f005000610063006b0061006700650030005f005000500030000000"
    "000000002600" "5200410050004c005f005000610063006b0061006700650030005f004400520041004d000000"
)  # fmt: skip
CHANNELS = [Channel(f"RAPL_Package0_{part}", 0) for part in ("PKG", "PP0", "DRAM")]


def metadata(*names: str) -> bytes:
    channels = b""
    for name in names:
        raw = f"{name}\0".encode("utf-16-le")
        channels += struct.pack("<iH", 0, len(raw)) + raw
    return struct.pack("<32s32sHH", b"", b"", 1, len(names)) + channels


class FakeDevice:
    """Answers as `emi.h` says; `energy` has picowatt-hours by channel."""

    def __init__(self, metadata: bytes, *energy: int, version: int = 2) -> None:
        self.metadata = metadata
        self.energy = list(energy)
        self.version = version
        self.gone = False

    def control(self, code: int, size: int) -> bytes:
        if self.gone:
            raise OSError(1167, "The device is not connected.")
        measurement = b"".join(struct.pack("<QQ", each, 10_000_000) for each in self.energy)
        answers = {
            emi.GET_VERSION: struct.pack("<H", self.version),
            emi.GET_METADATA_SIZE: struct.pack("<I", len(self.metadata)),
            emi.GET_METADATA: self.metadata,
            emi.GET_MEASUREMENT: measurement,
        }
        return answers[code][:size]


def test_the_structures_as_emi_h_lays_them_out() -> None:
    assert parse_channels(METADATA) == CHANNELS
    measurement = struct.pack("<QQQQ", 277_777_777_778, 1, 2**63, 2)
    assert (parse_energy(measurement, 0), parse_energy(measurement, 1)) == (277_777_777_778, 2**63)


@given(st.integers(0, len(METADATA) - 1))
def test_metadata_cut_short_anywhere_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="cut short"):
        parse_channels(METADATA[:length])


def test_a_measurement_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        parse_energy(bytes(31), 1)


def test_the_package_alone_is_counted_in_picowatt_hours() -> None:
    device = FakeDevice(METADATA, 10**12, 10**12, 10**12)
    found = emi_counters([device])
    assert (found.what, found.advice, len(found.counters)) == ("1 processor package", "", 1)
    count = CounterMeter(found).begin()
    device.energy = [10**12 + 10**9, 5 * 10**12, 5 * 10**12]
    assert count.read(0, 0, 1) == pytest.approx(3.6)  # a milliwatt-hour
    device.gone = True
    assert count.read(0, 0, 2) is None


@pytest.mark.parametrize(
    ("names", "counted"),
    [
        (("VDDCR_VDD Power", "VDDCR_SOC Power", "Current Socket Power", "Apu Power"), 1),
        (("RAPL_Package0_PKG", "RAPL_Package1_PKG"), 2),
        (("CPU_CLUSTER_0", "GPU", "DRAM"), 0),
    ],
)
def test_channels_within_a_package_are_not_counted_twice(names: tuple[str, ...], counted: int) -> None:
    device = FakeDevice(metadata(*names), *(10**12 * n for n in range(1, len(names) + 1)))
    assert len(emi_counters([device]).counters) == counted


def test_devices_that_are_no_meter_of_the_processor() -> None:
    old = FakeDevice(METADATA, 1, 1, 1, version=1)
    broken = FakeDevice(METADATA[:70], 1)
    gone = FakeDevice(METADATA, 1)
    gone.gone = True
    found = emi_counters([old, broken, gone])
    assert found.counters == ()
    assert "no energy meter" in found.advice


def test_a_device_that_tells_its_channels_and_no_figures() -> None:
    found = emi_counters([FakeDevice(METADATA)])
    assert found.counters == ()
    assert "does not answer" in found.advice


def test_devices_here_can_be_listed() -> None:
    assert isinstance(emi_devices(), list)
