"""What one `state.apply` did."""

import json
from dataclasses import dataclass, field


@dataclass
class State:
    """One state of a run, under Salt's own names."""

    id: str
    name: str
    function: str
    result: bool | None
    comment: str
    changes: dict
    order: int
    duration: float
    ran: bool


@dataclass
class Result:
    """A finished, refused or killed run of salt-call."""

    exit: int
    stdout: str
    stderr: str
    seconds: float
    killed: bool = False
    spawned: list = field(default_factory=list)
    states: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    value: object = None

    def __post_init__(self):
        if self.killed:
            return
        try:
            self.value = json.loads(self.stdout)["local"]
        except (ValueError, KeyError):
            # salt-call prints no JSON when it refuses a call: the documentation of the function, or nothing.
            self.errors = [self.stderr.strip() or self.stdout.strip()]
            return
        if isinstance(self.value, list):
            self.errors = self.value
        elif isinstance(self.value, dict) and all("_|-" in tag for tag in self.value):
            self._read(self.value)

    def _read(self, answer):
        for tag, value in sorted(answer.items(), key=lambda item: item[1].get("__run_num__", 0)):
            module, identifier, _, function = tag.split("_|-")
            state = State(value.get("__id__", identifier), str(value.get("name")), f"{module}.{function}", value["result"],
                          str(value.get("comment", "")), value.get("changes") or {}, value.get("__run_num__", 0),
                          float(value.get("duration") or 0), value.get("__state_ran__", True))
            self.states[state.id] = state

    @property
    def order(self):
        """State IDs in the order they ran."""
        return list(self.states)

    def failed(self):
        """IDs of the states whose result is False."""
        return [state.id for state in self.states.values() if state.result is False]

    def changed(self):
        """IDs of the states that report changes or, under test=True, would."""
        return [state.id for state in self.states.values() if state.changes or state.result is None]

    def text(self, prefix=""):
        """What an operator reads about the states whose ID starts with a prefix: name, comment, captured output."""
        return "\n".join(f"{state.id}: {state.name} {state.comment} {state.changes}" for state in self.states.values()
                         if state.id.startswith(prefix))

    def explain(self):
        """Everything a failing test should show."""
        rows = [f"{state.result!s:5} {state.id} [{state.duration:.0f} ms]: {state.comment} {state.changes or ''}"
                for state in self.states.values()]
        return "\n".join([f"exit {self.exit} after {self.seconds:.1f} s", *map(str, self.errors), *rows,
                          self.stderr[-3000:]])
