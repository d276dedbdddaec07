"""Runs a composite action's steps as GitHub's runner does, with as much of its expressions as the action uses."""

import re

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
CONDITION = re.compile(r"(inputs\.[a-z-]+) != ''")


class Action:
    """The steps of action.yml in a folder, for one event."""

    def __init__(self, path, folder, scratch, event):
        self.text = (path / "action.yml").read_text(encoding="utf-8")
        self.definition = yaml.safe_load(self.text)
        self.folder, self.scratch = folder, scratch
        self.values = {"github.action_path": str(path), "runner.temp": str(scratch), **event}
        self.files = {"GITHUB_OUTPUT": scratch / "output", "GITHUB_STEP_SUMMARY": scratch / "summary"}

    def run(self, environment=None, **inputs):
        """Every step until one fails; returns the completed ones by their names, the failed one last."""
        known = self.definition["inputs"]
        assert inputs.keys() <= known.keys(), "an input that the action does not have"
        for name, about in known.items():
            self.values[f"inputs.{name}"] = inputs.get(name, self._filled(str(about["default"])))
        for file in self.files.values():
            file.write_text("", encoding="utf-8")
        done = {}
        for step in self.definition["runs"]["steps"]:
            if not self._applies(step.get("if")):
                continue
            done[step["name"]] = self._step(step, environment or {})
            if done[step["name"]].returncode:
                break
        return done

    def summary(self):
        """What the summary of the run shows."""
        return self.files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")

    def output(self):
        """The outputs of the steps."""
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())

    def _step(self, step, environment):
        script = self.scratch / "step.sh"
        script.write_text(self._filled(step["run"]), encoding="utf-8")
        variables = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        files = {name: str(path) for name, path in self.files.items()}
        assert step["shell"] == "bash", step
        return self.folder.run("bash", "--noprofile", "--norc", "-eo", "pipefail", script,
                               **{**files, **variables, **environment})

    def _filled(self, text):
        return EXPRESSION.sub(lambda found: self.values.get(found[1], ""), text)

    def _applies(self, condition):
        if condition is None:
            return True
        found = CONDITION.fullmatch(condition)
        assert found, f"a condition that this runner does not know: {condition}"
        return self.values[found[1]] != ""
