// A client of the YAML language server: LSP over its standard input and output.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url));

// Far more than the slowest answer takes on a busy machine.
const PATIENCE_MS = 120_000;

export class Client {
  #child;
  #buffer = Buffer.alloc(0);
  #waiting = new Map();
  #diagnostics = new Map();
  #nextId = 0;
  #settings;

  // Starts a server that knows these schemas, by the names of files, and asks nobody else.
  static async start(schemas, rootUri = null) {
    const client = new Client();
    client.#settings = {
      yaml: {
        schemas,
        schemaStore: { enable: false },
        kubernetesCRDStore: { enable: false },
        validate: true,
        hover: true,
        completion: true,
      },
      http: {},
      '[yaml]': { 'editor.tabSize': 2 },
      'yaml.keyOrdering': false,
    };
    client.#child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    client.#child.stdout.on('data', (data) => client.#receive(data));
    client.#child.on('exit', (code) => {
      for (const { reject } of client.#waiting.values()) reject(new Error(`the server ended with ${code}`));
    });
    await client.#request('initialize', {
      processId: process.pid,
      rootUri,
      workspaceFolders: rootUri && [{ uri: rootUri, name: 'workspace' }],
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: false } },
        textDocument: {
          hover: { contentFormat: ['markdown', 'plaintext'] },
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
          publishDiagnostics: { relatedInformation: true },
        },
      },
    });
    client.#notify('initialized', {});
    client.#notify('workspace/didChangeConfiguration', { settings: client.#settings });
    return client;
  }

  async stop() {
    await this.#request('shutdown', null);
    this.#notify('exit', null);
  }

  // Opens a document and waits for what the server has to say about it.
  async open(uri, text) {
    const diagnostics = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics for ${uri}`)), PATIENCE_MS);
      this.#diagnostics.set(uri, (found) => {
        clearTimeout(timer);
        resolve(found);
      });
    });
    this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return diagnostics;
  }

  close(uri) {
    this.#diagnostics.delete(uri);
    this.#notify('textDocument/didClose', { textDocument: { uri } });
  }

  async complete(uri, position) {
    const answer = await this.#request('textDocument/completion', { textDocument: { uri }, position });
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }

  // What a hover shows as Markdown; empty if it shows nothing.
  async hover(uri, position) {
    const answer = await this.#request('textDocument/hover', { textDocument: { uri }, position });
    return answer?.contents?.value ?? '';
  }

  #request(method, params) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#send({ id, method, params });
    });
  }

  #notify(method, params) {
    this.#send({ method, params });
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, end).toString())[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.subarray(end + 4, end + 4 + length).toString());
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#handle(message);
    }
  }

  #handle(message) {
    if (message.method === undefined) {
      const { resolve, reject, timer } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      clearTimeout(timer);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    } else if (message.method === 'workspace/configuration') {
      const result = message.params.items.map(({ section }) => this.#settings[section] ?? null);
      this.#send({ id: message.id, result });
    } else if (message.id !== undefined) {
      this.#send({ id: message.id, result: null });
    } else if (message.method === 'textDocument/publishDiagnostics') {
      this.#diagnostics.get(message.params.uri)?.(message.params.diagnostics);
    }
  }
}
