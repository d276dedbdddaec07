// Runs the table in rows.js against the real server, once for each draft of the schema.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { apply, inserted, position } from './apply.js';
import { judge } from './catalogue.js';
import { Client } from './client.js';
import { CURSOR, ROWS } from './rows.js';
import { tryWays } from './setup.js';

const TARTGEN = process.env.TARTGEN_BIN;
const DRAFTS = ['2020-12', '7'];

// What no completion may lead to, whatever else the spec still lacks.
const NEVER = ['yaml-syntax', 'unknown-key', 'duplicate-key', 'non-string-key', 'bad-value', 'out-of-range'];

// What belongs to the making of the schema and means nothing to the person in the editor.
const INTERNAL = /\$defs|#\/|definitions|oneOf|anyOf|allOf|\bVm\b|\bGuestOs\b|\bIndexMap\b/;

function tartgen(args, input) {
  const done = spawnSync(TARTGEN, args, { input, encoding: 'utf8' });
  if (done.error) throw done.error;
  return done;
}

// The codes of what the compiler has against a spec.
function findings(spec) {
  const done = tartgen(['validate', '--format', 'json', '-'], spec);
  const report = JSON.parse(done.stdout);
  return (report.diagnostics ?? report).filter((found) => found.severity === 'error').map((found) => found.code);
}

// What of a row is not as wanted, as pairs of wanted and got.
async function mistakes(client, row, uri) {
  const at = row.spec.indexOf(CURSOR);
  const text = row.spec.replace(CURSOR, '');
  const found = [];
  const expect = (what, wanted, got) => {
    if (!isDeepStrictEqual(wanted, got)) found.push({ what, wanted, got });
  };
  const seen = [];

  const diagnostics = await client.open(uri, text);
  const told = diagnostics.map(({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`);
  seen.push(...told, ...diagnostics.map(({ source }) => source));
  if (row.errors) expect('diagnostics', row.errors, told);

  if (at >= 0) {
    const cursor = position(text, at);
    const hover = await client.hover(uri, cursor);
    seen.push(hover.replace(/\n+Source: .*$/s, ''));
    for (const words of row.hover ?? []) {
      if (!hover.includes(words)) found.push({ what: 'hover', wanted: words, got: hover });
    }
    const items = await client.complete(uri, cursor);
    seen.push(...items.flatMap(({ label, documentation, insertText }) => [label, insertText, documentation?.value ?? documentation]));
    const labels = items.map(({ label }) => label).sort();
    if (row.offers) expect('completions', [...row.offers].sort(), labels);
    for (const [label, wanted] of Object.entries(row.inserts ?? {})) {
      const item = items.find((item) => item.label === label);
      expect(`what \`${label}\` inserts`, wanted, item && inserted(text, item));
    }
    for (const item of row.offers ? items : []) {
      const codes = findings(apply(text, item));
      const bad = codes.filter((code) => NEVER.includes(code) && !(row.tolerates ?? []).includes(code));
      expect(`what the compiler says to\n${apply(text, item)}`, [], bad);
    }
    for (const label of row.compiles ?? []) {
      const item = items.find((item) => item.label === label);
      expect(`what the compiler says with \`${label}\``, [], item ? findings(apply(text, item)) : 'not offered');
    }
    for (const { label, documentation } of items) {
      if (row.documented?.[label] && !(documentation?.value ?? documentation ?? '').includes(row.documented[label])) {
        found.push({ what: `documentation of \`${label}\``, wanted: row.documented[label], got: documentation });
      }
    }
  }
  for (const text of seen) {
    if (text && INTERNAL.test(text)) found.push({ what: 'text for people', wanted: 'no internals', got: text });
  }
  client.close(uri);
  return found;
}

const words = process.argv.slice(2);
const rows = ROWS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (rows.length === 0) {
  console.error(`no row has a name with ${words.join(' or ')}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'tartgen-editor-'));
let failed = 0;
for (const draft of DRAFTS) {
  const schema = join(folder, `fleet-${draft}.json`);
  const printed = tartgen(['schema', '--draft', draft]);
  if (printed.status !== 0) throw new Error(`tartgen schema --draft ${draft} exits with ${printed.status}: ${printed.stderr}`);
  writeFileSync(schema, printed.stdout);
  const client = await Client.start({ [pathToFileURL(schema).href]: '*.yaml' });
  for (const [index, row] of rows.entries()) {
    const found = await mistakes(client, row, pathToFileURL(join(folder, `${draft}-${index}.yaml`)).href);
    if (found.length === 0) continue;
    failed += 1;
    console.error(`FAILED ${row.name}, draft ${draft}, with the cursor at ${CURSOR}:\n${row.spec}`);
    for (const { what, wanted, got } of found) {
      console.error(`  ${what}\n    wanted ${JSON.stringify(wanted)}\n    got    ${JSON.stringify(got)}`);
    }
  }
  await client.stop();
}
const others = [...judge(), ...(await tryWays(join(folder, `fleet-${DRAFTS[0]}.json`)))];
rmSync(folder, { recursive: true });
for (const words of others) {
  failed += 1;
  console.error(`FAILED ${words}`);
}
console.log(`editor: ${rows.length} rows, ${DRAFTS.length} drafts, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
