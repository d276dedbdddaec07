// Judges the files for the catalogue, and the valid fixtures, as the catalogue's own tests do: Ajv in strict mode.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url);
const CATALOGUE = new URL('schema/catalogue/src/', ROOT);

// Keywords that editors read and validators do not.
const FOR_EDITORS = [
  'markdownDescription',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'patternErrorMessage',
  'deprecationMessage',
  'defaultSnippets',
  'doNotSuggest',
];

// The settings of the catalogue's tests.
const SETTINGS = { strict: true, strictTypes: false, strictTuple: false, allowMatchingProperties: true, allErrors: true };

const CASES = [
  { folder: new URL('test/tartgen/', CATALOGUE), accept: true },
  { folder: new URL('negative_test/tartgen/', CATALOGUE), accept: false },
  { folder: new URL('fixtures/valid/', ROOT), accept: true },
];

// Whatever is not judged as it should be, in words.
export function judge() {
  const found = [];
  const schemas = [
    [Ajv, new URL('schemas/json/tartgen.json', CATALOGUE)],
    [Ajv2020, new URL('schema/fleet.schema.json', ROOT)],
  ];
  for (const [Validator, address] of schemas) {
    const validator = new Validator(SETTINGS);
    FOR_EDITORS.forEach((keyword) => validator.addKeyword(keyword));
    const validate = validator.compile(JSON.parse(readFileSync(address, 'utf8')));
    for (const { folder, accept } of CASES) {
      const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
      if (names.length === 0) found.push(`${fileURLToPath(folder)} is empty`);
      for (const name of names) {
        const accepted = validate(parse(readFileSync(new URL(name, folder), 'utf8')));
        if (accepted === accept) continue;
        const why = accept ? validator.errorsText(validate.errors) : 'it is accepted';
        found.push(`${fileURLToPath(new URL(name, folder))}, by ${fileURLToPath(address)}: ${why}`);
      }
    }
  }
  return found;
}
