"""Codes of devices and their signals."""

from enum import StrEnum


class DeviceKind(StrEnum):
    MOTION = "motion"
    LIGHT = "light"
    POWER = "power"
    WATER = "water"
    BUTTON = "button"
    OTHER = "other"


DEVICE_LABELS = {
    DeviceKind.MOTION: "人感センサー",
    DeviceKind.LIGHT: "電球・照明",
    DeviceKind.POWER: "電気の使用量",
    DeviceKind.WATER: "水道の使用量",
    DeviceKind.BUTTON: "通報ボタン",
    DeviceKind.OTHER: "その他",
}


class SignalKind(StrEnum):
    ALIVE = "alive"
    ALARM = "alarm"


SIGNAL_LABELS = {SignalKind.ALIVE: "動きあり", SignalKind.ALARM: "通報"}
