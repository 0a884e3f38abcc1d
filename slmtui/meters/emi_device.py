"""Windows' devices with energy meters, opened and asked: the calls alone, see `slmtui.meters.emi`."""

import sys

from slmtui.meters.emi import EmiDevice

if sys.platform == "win32":
    import ctypes
    import uuid
    from ctypes import wintypes

    ENERGY_METER = uuid.UUID("45BD8344-7ED6-49CF-A440-C276C933B053")
    """GUID_DEVICE_ENERGY_METER of emi.h."""
    GENERIC_READ = 0x80000000
    SHARED = 3
    OPEN_EXISTING = 3
    NOTHING = wintypes.HANDLE(-1).value

    class WindowsDevice:
        """One device, open for as long as it is kept. Opening it raises `OSError`."""

        def __init__(self, path: str) -> None:
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._kernel.CreateFileW.restype = wintypes.HANDLE
            self._kernel.CreateFileW.argtypes = [
                wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, wintypes.LPVOID, wintypes.DWORD,
                wintypes.DWORD, wintypes.HANDLE,
            ]  # fmt: skip
            self._kernel.DeviceIoControl.argtypes = [
                wintypes.HANDLE, wintypes.DWORD, wintypes.LPVOID, wintypes.DWORD, wintypes.LPVOID,
                wintypes.DWORD, ctypes.POINTER(wintypes.DWORD), wintypes.LPVOID,
            ]  # fmt: skip
            handle = self._kernel.CreateFileW(path, GENERIC_READ, SHARED, None, OPEN_EXISTING, 0, None)
            if handle in (None, NOTHING):
                raise ctypes.WinError(ctypes.get_last_error())
            self._handle = handle

        def control(self, code: int, size: int) -> bytes:
            """Return what the device answers to a code, at most `size` bytes. Raises `OSError`."""
            answer = ctypes.create_string_buffer(size)
            written = wintypes.DWORD()
            if not self._kernel.DeviceIoControl(
                self._handle, code, None, 0, answer, size, ctypes.byref(written), None
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            return answer.raw[: written.value]

    def emi_devices() -> list[EmiDevice]:
        """Return the devices with energy meters that can be opened."""
        devices: list[EmiDevice] = []
        for path in _paths():
            try:
                devices.append(WindowsDevice(path))
            except OSError:
                continue
        return devices

    def _paths() -> list[str]:
        """Return the paths of all devices of the interface that are present."""
        manager = ctypes.WinDLL("cfgmgr32")
        guid = (ctypes.c_ubyte * 16).from_buffer_copy(ENERGY_METER.bytes_le)
        size = wintypes.ULONG()
        if manager.CM_Get_Device_Interface_List_SizeW(ctypes.byref(size), ctypes.byref(guid), None, 0):
            return []
        names = ctypes.create_unicode_buffer(max(1, size.value))
        if manager.CM_Get_Device_Interface_ListW(ctypes.byref(guid), None, names, size, 0):
            return []
        return [name for name in "".join(names[: size.value]).split("\0") if name]

else:

    def emi_devices() -> list[EmiDevice]:
        """Return nothing: there is no such interface here."""
        return []
