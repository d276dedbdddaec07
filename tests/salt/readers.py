"""Reads emitted text with the readers of a Salt release: a JSON request on standard input, a JSON answer.

The request has `yaml`, texts to load; `jinja`, pairs of a template and a context to render. The answer has what each
loader makes of each text, and what each template becomes.
"""

import json
import sys

import jinja2
import salt.utils.jinja
import yaml
from salt.utils.yamlloader import SaltYamlSafeLoader

LOADERS = [SaltYamlSafeLoader, yaml.SafeLoader, yaml.CSafeLoader]


def main():
    request = json.load(sys.stdin)
    # As Salt makes it for states and pillar, as far as a text without Salt's functions can tell.
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=[
        "jinja2.ext.do", "jinja2.ext.loopcontrols", salt.utils.jinja.SerializerExtension])
    json.dump({
        "yaml": [[yaml.load(text, Loader=loader) for loader in LOADERS] for text in request["yaml"]],
        "jinja": [environment.from_string(text).render(**context) for text, context in request["jinja"]],
    }, sys.stdout, default=repr)


main()
