"""Reads single settings from the Pulumi config and says clearly what is wrong with one."""

import re
from dataclasses import dataclass
from typing import Optional

import pulumi
from pulumi.runtime.config import is_config_secret


class ConfigError(pulumi.RunError):
    """A setting is missing or wrong. The message names the key, the value (never a secret's) and the fix."""

    def __init__(self, key: str, found: str, fix: str) -> None:
        super().__init__(f"config {key}: {found}. {fix}")


@dataclass(frozen=True)
class Settings:
    """Typed access to one namespace of the stack config. Every method raises ConfigError on a bad value."""

    namespace: str

    def key(self, name: str) -> str:
        """The full key as ``pulumi config`` takes it."""
        return f"{self.namespace}:{name}"

    def _raw(self, name: str) -> Optional[str]:
        return pulumi.Config(self.namespace).get(name)

    def text(self, name: str, default: Optional[str], pattern: str, meaning: str) -> str:
        """A string that matches ``pattern`` (whole); ``meaning`` says in words what that is."""
        value = self._raw(name)
        if value is None:
            value = default
        if value is None:
            raise ConfigError(self.key(name), "is not set", f"Set it: pulumi config set {self.key(name)} VALUE ({meaning})")
        if not re.fullmatch(pattern, value):
            raise ConfigError(self.key(name), f"{value!r} is not {meaning}", f"Set it to {meaning}")
        return value

    def optional_text(self, name: str, pattern: str, meaning: str) -> Optional[str]:
        """Like text(), or None when the key is not set or empty."""
        return self.text(name, None, pattern, meaning) if self._raw(name) else None

    def integer(self, name: str, default: int, low: int, high: int, unit: str) -> int:
        """A whole number from ``low`` to ``high`` in ``unit``."""
        value = self._raw(name)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d{1,15}", value) or not low <= int(value) <= high:
            allowed = f"a whole number of {unit} from {low} to {high}"
            raise ConfigError(self.key(name), f"{value!r} is not {allowed}", f"Set it to {allowed}; the default is {default}")
        return int(value)

    def integer_of(self, name: str, default: int, allowed: tuple[int, ...], unit: str) -> int:
        """A whole number out of a fixed set that AWS accepts."""
        value = self.integer(name, default, min(allowed), max(allowed), unit)
        if value not in allowed:
            listed = ", ".join(str(number) for number in allowed)
            raise ConfigError(self.key(name), f"{value} is not a number of {unit} that AWS accepts", f"Use one of {listed}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self._raw(name)
        if value is None:
            return default
        if value not in ("true", "false"):
            raise ConfigError(self.key(name), f"{value!r} is neither true nor false", "Set it to true or false")
        return value == "true"

    def secret(self, name: str, pattern: str, meaning: str) -> pulumi.Output[str]:
        """A secret string that matches ``pattern``. Its text is never shown, and plain config is refused."""
        key = self.key(name)
        command = f"pulumi config set --secret {key}"
        value = self._raw(name)
        if value is None:
            raise ConfigError(key, "is not set", f"Set it: {command} ({meaning})")
        if not is_config_secret(key):
            fix = f"Change it, then store it as a secret: {command}"
            raise ConfigError(key, "is stored in plain text (value not shown)", fix)
        if not re.fullmatch(pattern, value):
            raise ConfigError(key, "has a value that AWS refuses (not shown)", f"Set {meaning}: {command}")
        return pulumi.Output.secret(value)
