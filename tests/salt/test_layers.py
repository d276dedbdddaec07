"""Every string that tartgen takes reaches every reader of the tree as it was written: YAML, Jinja, shells, XML, names.

What the spec may say is narrow, so its strings are all that look like something else to some reader; the emitted plist
template and shell functions also take what a hand-written pillar says, so they get strings of all kinds.
"""

import json
import plistlib
import random
import re
import subprocess
import xml.parsers.expat

import pytest
from conftest import REPOSITORY
from harness import tree

# Accepted, and something else than a string to YAML 1.1, or something else than a name to a shell, Salt or launchd.
VMS = ["no", "yes", "on", "off", "y", "n", "null", "true", "false", "1", "0", "012", "1e3", "0x1f", "0o17", "0b1", "12345678901234567890",
       "2026-08-01", "1-1", "a--b", "vm", "vms", "removed", "name", "test", "root", "inf", "nan", "x" * 63]
HOSTS = ["no", "Yes", "NULL", "true", "1", "012", "0x1F", "0b11", "1e3", "1E3", "1.10", "1.0", "12.30", "1_000", "2026-08-01", "190.20.30",
         "a.b", "a-b", "a_b", "A.b", "A_b", "init", "top", "hosts", "tart", "a.init", "sls", "a.sls", "x" * 246, "X" * 123]
IMAGES = ["a.b/no", "a.b/1:1.10", "a.b/c:1.0_0", "localhost:5000/a/b:1e3", "GHCR.IO/a/b_c", "1.2/3:4.5", "0.0:1/2",
          "a.b/c@sha256:" + "0" * 64, "localhost/" + "a" * 245 + ":" + "1" * 128]
USERS = ["no", "y", "off", "null", "dk", "a.b", "a-b", "a_b", "x" * 31]
TARTS = [{"binary": "/-rf/--help/_+", "brew": "/opt/no/bin/brew", "tap": "0x1/1_0", "formula": "1.10", "trust": ["no", "a@1.0+b_c", "1e3"]},
         {"binary": "/" + "b" * 255 + "/tart", "minimum_version": "2.13.10", "formula": "y"}]
# Not accepted anywhere in a spec, and none of it may matter to the readers of single words.
HOSTILE = ["", " ", "'", "''", '"', "\\", "\\\\", "\\'", "a'b", "$HOME", "$(id)", "`id`", "${x}", "!!", "!x", "*", "?", "[a-z]*", "~", "~root",
           "=ls", "a b", "a\tb", "a\nb", "\n a", "&", "&&", "|", ";", "#", "# x", "<key>", "</string><key>Program</key>", "]]>", "&amp;", "&#10;",
           "<!--", "-->", "<![CDATA[", "%s%n", "-n", "-e", "--", "\\n", "\\x41", "{{ 1 }}", "{% raw %}", "{#", "é", "日本", "\U0001f600", "\u2028",
           "\u00a0", "e\u0301", "\u202e", "(", "{a,b}", "^x^y", "x=1", "@", "\u007f"]
SHELLS = ["sh", "bash", "zsh"]


def words(seed, allowed, count=60):
    """Hostile strings, and random ones that are made of their characters."""
    rng = random.Random(seed)
    letters = sorted({letter for word in HOSTILE for letter in word} | set("az09"))
    mixed = ["".join(rng.choices(letters, k=rng.randrange(12))) for _ in range(count)]
    return [word for word in HOSTILE + mixed if allowed(word)]


def fleet(tart=None):
    """A spec with every accepted oddity: as data, which is also JSON and so YAML."""
    vms = {name: {"image": IMAGES[number % len(IMAGES)], "cpu": 1, "memory": 1024} for number, name in enumerate(VMS)}
    hosts = {host: {"run_user": USERS[number % len(USERS)], "vms": vms if number == 0 else {VMS[number % len(VMS)]: vms["no"]},
                    "removed": ["1-2-3"] + (["y1"] if number else [])} for number, host in enumerate(HOSTS)}
    return {"version": 1, "tart": tart or TARTS[0], "hosts": hosts}


def file_of(host):
    """The name of a host's pillar file, as ARCHITECTURE.md gives it."""
    return "".join("+" if c == "." else "=" + c.lower() if c.isupper() else c for c in host) + ".sls"


def expected(host):
    """What a host's pillar must say, types and all."""
    vms = {name: {"image": vm["image"], "cpu": 1, "memory": 1024, "disk": 20, "enabled": True} for name, vm in host["vms"].items()}
    return {"tart": {"run_user": host["run_user"], "vms": vms, "removed": host["removed"]}}


def read(salt, yaml=(), jinja=()):
    """What the readers of a Salt release make of texts."""
    request = json.dumps({"yaml": list(yaml), "jinja": list(jinja)})
    done = subprocess.run([salt, REPOSITORY / "tests/salt/readers.py"], input=request, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def bodies(out):
    """The emitted pillar files by their names."""
    return {path.name: path.read_text(encoding="utf-8") for path in (out / "salt/pillar/tart/hosts").iterdir()}


def test_pillar_says_the_same_to_every_yaml_loader(salt, spec):
    described = fleet()
    files = bodies(spec(json.dumps(described)))
    assert sorted(files) == sorted(map(file_of, HOSTS))
    loaded = read(salt, yaml=[files[file_of(host)] for host in HOSTS])["yaml"]
    for host, answers in zip(HOSTS, loaded, strict=True):
        assert answers == [expected(described["hosts"][host])] * 3, host


def test_pillar_is_no_jinja(salt, spec):
    """Also if the first line, which keeps Jinja away, were lost."""
    files = [text.partition("\n")[2] for text in bodies(spec(json.dumps(fleet()))).values()]
    assert read(salt, jinja=[(text, {}) for text in files])["jinja"] == [text.rstrip("\n") for text in files]


def test_every_minion_gets_its_own_pillar(mac, spec):
    """Through Salt's own search for the file."""
    described = fleet()
    mac.use_tree(spec(json.dumps(described)))
    pillars = mac.master_pillars(HOSTS)
    for host in HOSTS:
        assert pillars[host] == expected(described["hosts"][host]), host


def test_file_names_are_told_apart_by_every_file_system(spec):
    names = list(bodies(spec(json.dumps(fleet()))))
    assert len({name.lower() for name in names}) == len(names) == len(HOSTS)
    assert all(re.fullmatch(r"[a-z0-9+=_-]{1,246}\.sls", name) and not name.startswith("-") for name in names)


def test_the_name_of_the_spec_stays_in_its_comment(salt, tmp_path):
    described = fleet()
    described["hosts"] = {"off": described["hosts"]["Yes"]}
    plain, templates = [], []
    names = ["{{ 1 }}.yaml", "#}{% raw %}.yaml", "a'\"`id`$(id)\\.yaml", "\n!!x: [.yaml", "é\u2028\u202e.yaml", "-->]]>.yaml"]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(json.dumps(described), encoding="utf-8")
        out = tmp_path / f"out{number}"
        subprocess.run([tree.binary(), "build", f"./{name}", "--out", out], cwd=tmp_path, check=True, capture_output=True)
        plain.append(bodies(out)["off.sls"])
        templates.append((out / "salt/states/tart/files/com.tart.vm.plist.jinja").read_text(encoding="utf-8"))
        for shell in SHELLS:
            assert variables(out, shell) == in_script(TARTS[0]), name
    context = {"name": "vm", "run_user": "dk", "home": "/home", "tart": "/tart", "logs": "/logs",
               "pillar": {"tart": {"vms": {"vm": {}}}}}
    answer = read(salt, yaml=plain, jinja=[(template, context) for template in templates])
    assert answer["yaml"] == [[expected(described["hosts"]["off"])] * 3] * len(names)
    assert len(set(answer["jinja"])) == 1 and answer["jinja"][0].startswith("<?xml ")


def strict_xml(text):
    """The texts of a document's elements, by a second parser."""
    found, stack = [], []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: stack.append("")
    parser.CharacterDataHandler = lambda data: stack.append(stack.pop() + data)
    parser.EndElementHandler = lambda name: found.append((name, stack.pop()))
    parser.Parse(text.encode(), True)
    return found


def test_plists_say_the_same_to_every_xml_parser(salt, kri):
    # XML 1.0 has no way to write other control characters, and takes a carriage return for a line feed.
    allowed = words(1, lambda word: not re.search(r"[\x00-\x08\x0b-\x1f]", word))
    template = (kri / "salt/states/tart/files/com.tart.vm.plist.jinja").read_text(encoding="utf-8")
    contexts = [{"name": word, "run_user": "u" + word, "home": "/h" + word, "tart": "/" + word, "logs": "/var/" + word,
                 "pillar": {"tart": {"vms": {word: {"arguments": ["-" + word], "environment": {"A": word, "_": word + "b"}}}}}}
                for word in allowed]
    rendered = read(salt, jinja=[(template, context) for context in contexts])["jinja"]
    for context, text in zip(contexts, rendered, strict=True):
        job = plistlib.loads(text.encode(), fmt=plistlib.FMT_XML)
        name, logs = context["name"], context["logs"]
        assert job["Label"] == f"com.tart.{name}" and job["UserName"] == context["run_user"]
        assert job["ProgramArguments"] == [context["tart"], "run", "-" + name, name]
        expected = {"A": name, "_": name + "b", "HOME": context["home"], "PATH": job["EnvironmentVariables"]["PATH"]}
        assert job["EnvironmentVariables"] == expected
        assert job["StandardErrorPath"] == f"{logs}/{name}.err.log"
        types = {"Label": str, "UserName": str, "ProgramArguments": list, "EnvironmentVariables": dict, "RunAtLoad": bool,
                 "KeepAlive": bool, "ThrottleInterval": int, "ProcessType": str, "StandardOutPath": str, "StandardErrorPath": str}
        assert {key: type(value) for key, value in job.items()} == types
        strings = [value for element, value in strict_xml(text) if element == "string"]
        assert strings[:6] == [f"com.tart.{name}", context["run_user"], *job["ProgramArguments"]]


def script(out):
    """The emitted script, as text."""
    return (out / "salt/states/tart/files/tart-vm.sh").read_text(encoding="utf-8")


def run_shell(shell, text, *arguments, **options):
    """What a script writes; nothing may go to standard error."""
    done = subprocess.run([shell, "-c", text, shell, *arguments], capture_output=True, check=False, **options)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout.decode()


def variables(out, shell):
    """What the script sets at its beginning."""
    settings = re.search(r"^tart=.*?^outdated=[^\n]*\n", script(out), re.DOTALL | re.MULTILINE)[0]
    shown = run_shell(shell, settings + r"""printf '%s\n' "$tart" "$brew" "$formula" "$trusted" "$minimum" """)
    return shown.splitlines()


def in_script(tart):
    """What the script must set."""
    tap, formula = tart.get("tap", "openai/tools"), tart.get("formula", "tart")
    trusted = [f"{tap}/{name}" for name in tart.get("trust", ["tart", "softnet"])]
    return [tart["binary"], tart.get("brew", "/opt/homebrew/bin/brew"), f"{tap}/{formula}", " ".join(trusted),
            tart.get("minimum_version", "2.13.0")]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("number", range(len(TARTS)))
def test_settings_reach_every_shell(spec, shell, number):
    assert variables(spec(json.dumps(fleet(TARTS[number]))), shell) == in_script(TARTS[number])


def function(out, name):
    """A function of the emitted script."""
    return re.search(rf"^{name}\(\) \{{(?: [^\n]*\}}$|.*?^\}}$)", script(out), re.DOTALL | re.MULTILINE)[0] + "\n"


@pytest.mark.parametrize("reader", SHELLS)
@pytest.mark.parametrize("writer", SHELLS)
def test_quoted_words_are_one_word_to_every_shell(kri, writer, reader):
    """The script may run in one shell and the account's login shell, which reads the words, be another."""
    # A command substitution drops line feeds at the end; no name, path or reference has any.
    allowed = words(2, lambda word: not word.endswith("\n"))
    quoted = run_shell(writer, function(kri, "quote") + 'for word; do quote "$word"; printf " "; done', *allowed)
    assert run_shell(reader, f"printf '%s\\0' {quoted}").split("\0")[:-1] == allowed


@pytest.mark.parametrize("shell", SHELLS)
def test_answers_are_json_whatever_they_say(kri, shell):
    said = words(3, lambda word: True)
    text = function(kri, "answer") + 'for word; do answer true "<$word>"; printf "\\0"; done'
    answers = run_shell(shell, text, *said).split("\0")[:-1]
    assert len(answers) == len(said)
    for word, answer in zip(said, answers, strict=True):
        shown = "".join(c for c in f"<{word}>".replace("\t", " ") if c == "\n" or " " <= c <= "~")
        assert json.loads(answer) == {"changed": True, "comment": shown}, word
