"""The energy counters that Windows shows of its processor: the Energy Meter Interface (EMI).

https://learn.microsoft.com/windows-hardware/drivers/powermeter/energy-meter-interface. Since Windows 11
it has the processor's own counters (RAPL), for any user. The structures are those of `emi.h`.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from slmtui.meters.counter import Counter, Counters, distinct, several

GET_VERSION = 0x224000
GET_METADATA_SIZE = 0x224004
GET_METADATA = 0x224008
GET_MEASUREMENT = 0x22400C
"""CTL_CODE(FILE_DEVICE_UNKNOWN, 0 to 3, METHOD_BUFFERED, FILE_READ_ACCESS)."""

PICOWATT_HOURS = 3.6e-9
"""In joules."""
VERSION = 2
"""The version with channels. A device of the first has one meter of its own board, not the processor's."""

_HEAD = struct.Struct("<32s32sHH")
"""EMI_METADATA_V2: maker, model, revision, number of channels."""
_CHANNEL = struct.Struct("<iH")
"""EMI_CHANNEL_V2: unit (0: picowatt-hours), bytes of the name, which follows in UTF-16."""
_MEASUREMENT = struct.Struct("<QQ")
"""EMI_CHANNEL_MEASUREMENT_DATA: energy, time in 100 ns."""
_PACKAGE = re.compile(r"(?<![a-z])(pkg|socket)(?![a-z])", re.IGNORECASE)


class EmiDevice(Protocol):
    """A device with energy meters."""

    def control(self, code: int, size: int) -> bytes:
        """Return what the device answers to a code, at most `size` bytes. Raises `OSError`."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """One meter of a device; `unit` 0 is picowatt-hours."""

    name: str
    unit: int


def parse_channels(metadata: bytes) -> list[Channel]:
    """Return the channels in an EMI_METADATA_V2. Raises `ValueError` when it is cut short."""
    try:
        *_, count = _HEAD.unpack_from(metadata)
        channels, at = [], _HEAD.size
        for _ in range(count):
            unit, size = _CHANNEL.unpack_from(metadata, at)
            at += _CHANNEL.size
            name = metadata[at : at + size]
            if len(name) < size:
                raise ValueError("the metadata of an energy meter is cut short")
            channels.append(Channel(name.decode("utf-16-le", "replace").split("\0")[0], unit))
            at += size
    except struct.error as error:
        raise ValueError("the metadata of an energy meter is cut short") from error
    return channels


def parse_energy(measurement: bytes, channel: int) -> int:
    """Return a channel's counter in an EMI_MEASUREMENT_DATA_V2. Raises `ValueError` when it is not there."""
    try:
        energy, _ = _MEASUREMENT.unpack_from(measurement, channel * _MEASUREMENT.size)
    except struct.error as error:
        raise ValueError("the measurement of an energy meter is cut short") from error
    return int(energy)


def emi_counters(devices: Iterable[EmiDevice]) -> Counters:
    """Return the counters of the processor packages. What lies within a package would count twice."""
    try:
        counters = distinct([counter for device in devices for counter in _packages(device)])
    except OSError as error:
        return Counters(advice=f"the processor's energy meter is there and does not answer: {error}")
    if not counters:
        return Counters(advice="Windows shows no energy meter of this processor (Windows 11 does of many)")
    return Counters(counters, several(len(counters), "processor package"))


def _packages(device: EmiDevice) -> list[Counter]:
    try:
        (version,) = struct.unpack("<H", device.control(GET_VERSION, 2))
        if version != VERSION:
            return []
        (size,) = struct.unpack("<I", device.control(GET_METADATA_SIZE, 4))
        channels = parse_channels(device.control(GET_METADATA, size))
    except (OSError, ValueError, struct.error):
        return []
    return [
        Counter(partial(_count, device, n, len(channels)), PICOWATT_HOURS)
        for n, channel in enumerate(channels)
        if channel.unit == 0 and _PACKAGE.search(channel.name)
    ]


def _count(device: EmiDevice, channel: int, channels: int) -> int:
    """Return a channel's counter. Raises `OSError`."""
    try:
        return parse_energy(device.control(GET_MEASUREMENT, channels * _MEASUREMENT.size), channel)
    except ValueError as error:
        raise OSError(str(error)) from error
