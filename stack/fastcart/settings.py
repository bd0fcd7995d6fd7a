"""Reads single settings from the Pulumi config and says clearly what is wrong with one."""

import difflib
import json
import re
from dataclasses import dataclass, field
from typing import Optional

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret


class ConfigError(pulumi.RunError):
    """A setting is missing or wrong. The message names the key, the value (never a secret's) and the fix."""

    def __init__(self, key: str, found: str, fix: str) -> None:
        super().__init__(f"config {key}: {found}. {fix}")


@dataclass(frozen=True)
class Settings:
    """Typed access to one namespace of the stack config. Every method raises ConfigError on a bad value."""

    namespace: str
    _known: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    """What was asked for so far."""

    def key(self, name: str) -> str:
        """The full key as ``pulumi config`` takes it."""
        return f"{self.namespace}:{name}"

    def _raw(self, name: str) -> Optional[str]:
        self._known.add(name)
        return pulumi.Config(self.namespace).get(name)

    def is_set(self, name: str) -> bool:
        """Whether the stack config has the key."""
        return self._raw(name) is not None

    def spelled(self, name: str, other: str) -> str:
        """Which of two spellings of a key is set; the first when none is. Both at once are refused."""
        if not self.is_set(other):
            return name
        if self.is_set(name):
            fix = f"Keep one of them: {self._removal(other)}"
            raise ConfigError(self.key(other), f"is set, and so is {self.key(name)}", fix)
        return other

    def refuse_others(self, remedy: str) -> None:
        """Refuse what was never asked for: a misspelled setting would silently be none. To be called last."""
        prefix = self.key("")
        given = {key.removeprefix(prefix) for key in {**get_config_env(), **CONFIG.get()} if key.startswith(prefix)}
        for name in sorted(given - self._known):
            folded = {known.lower(): known for known in self._known}
            near = difflib.get_close_matches(name.lower(), folded, n=1)
            hint = f"Did you mean {self.key(folded[near[0]])}? " if near else ""
            fix = f"{hint}Remove it: {self._removal(name)}; {remedy}"
            raise ConfigError(self.key(name), "is not read by this program", fix)

    def _removal(self, name: str) -> str:
        return f"pulumi config rm {self.key(name)}"

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

    def optional_list(self, name: str, pattern: str, meaning: str) -> Optional[list[str]]:
        """The members of a JSON list, each of which matches ``pattern`` (whole), or None when the key is not set."""
        value = self._raw(name)
        if value is None:
            return None
        try:
            members = json.loads(value)
        except ValueError:
            members = None
        if not isinstance(members, list) or not all(re.fullmatch(pattern, str(member)) for member in members):
            command = f"pulumi config set --path '{self.key(name)}[0]' VALUE"
            raise ConfigError(self.key(name), f"{value!r} is not a list of {meaning}", f"Set its members: {command}")
        return [str(member) for member in members]

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
