// Sets the server up as docs/editors.md says, and looks whether a spec is then checked and other files are not.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Client } from './client.js';

const PAGE = new URL('../../docs/editors.md', import.meta.url);
const SPEC = 'version: 1\nhosts: { mm1: { vm: {} } }\n';
const MISTAKE = 'Property vm is not allowed.';

// The first block of a language below a heading of the page.
function block(heading, language) {
  const section = readFileSync(PAGE, 'utf8').split(`\n## ${heading}\n`)[1].split('\n## ')[0];
  return section.split(`\`\`\`${language}\n`)[1].split('```')[0];
}

// Each way of the page: the settings for the server, and what the spec begins with.
const WAYS = [
  { way: 'In the spec itself', schemas: {}, head: `${block('In the spec itself', 'yaml').split('\n')[0]}\n` },
  { way: 'VS Code', schemas: JSON.parse(block('VS Code', 'json'))['yaml.schemas'], head: '' },
  { way: 'Zed', schemas: JSON.parse(block('Zed', 'json')).lsp['yaml-language-server'].settings.yaml.schemas, head: '' },
];

// The files of a workspace, and whether the settings make them specs.
const FILES = { 'tartgen.yaml': true, 'lab.tartgen.yaml': true, 'sites/tartgen.yaml': true, 'compose.yaml': false };

// Whatever is not as the page says, in words.
export async function tryWays(schema) {
  const folder = mkdtempSync(join(tmpdir(), 'tartgen-setup-'));
  copyFileSync(schema, join(folder, 'fleet.schema.json'));
  const found = [];
  for (const { way, schemas, head } of WAYS) {
    const client = await Client.start(schemas, pathToFileURL(folder).href);
    const files = head ? { 'tartgen.yaml': true } : FILES;
    for (const [name, isSpec] of Object.entries(files)) {
      const messages = (await client.open(pathToFileURL(join(folder, name)).href, head + SPEC)).map(({ message }) => message);
      if (messages.includes(MISTAKE) !== isSpec) found.push(`${way}: ${name}: ${JSON.stringify(messages)}`);
    }
    await client.stop();
  }
  rmSync(folder, { recursive: true });
  return found;
}
