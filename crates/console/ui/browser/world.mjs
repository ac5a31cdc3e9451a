// A gateway on a data directory of its own, simulated providers behind it and a map server it syncs prices from.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const GATEWAY = process.env.TOLLGATE_GATEWAY_BIN ?? join(target, 'debug', 'gateway');
const SIMULATOR = process.env.TOLLGATE_SIMULATOR_BIN ?? join(target, 'debug', 'simulator');

export const TOKEN = 'console-tests-admin-token-0123456789';
const CREDENTIAL = 'sim-credential';
const START_LIMIT = 60_000;

/** Starts a program and waits for a line of its output that `found` makes something of. */
async function started(program, args, env, found) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TOLLGATE_|DATABASE_URL)/.test(name)));
  const child = spawn(program, args, { env: { ...clean, ...env.variables }, cwd: env.cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const answer = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`${program} did not start`));
    }, START_LIMIT);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    lines.on('line', (line) => {
      const value = found(line);
      if (value === null) return;
      clearTimeout(timer);
      resolve(value);
    });
  });
  return { child, answer };
}

async function stopped(child) {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** A price map over HTTP that can be replaced or broken while the gateway runs. */
class MapServer {
  body = '{}';
  status = 200;
  delay = 0;

  async start() {
    this.server = createServer((_, response) => {
      setTimeout(() => {
        response.writeHead(this.status, { 'content-type': 'application/json' });
        response.end(this.status === 200 ? this.body : 'out of order');
      }, this.delay);
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/map.json`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/**
 * While working on the console: serves a build of it (`npx vite build`) in front of a gateway that was built before, under
 * the gateway's own policy. Everything else goes through.
 */
async function frontOf(world, dist) {
  const behind = world.url;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname } = new URL(request.url, behind);
    if (pathname.startsWith('/assets/')) {
      const type = pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
      // Compressed as the gateway sends it, so that sizes and times are those of the real thing.
      const packed = await readFile(join(dist, `${pathname}.gz`)).catch(() => null);
      const body = packed ?? (await readFile(join(dist, pathname)));
      const encoding = packed ? { 'content-encoding': 'gzip' } : {};
      response.writeHead(200, { 'content-type': type, 'content-length': body.length, ...encoding });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    const headers = { ...request.headers };
    delete headers.host;
    delete headers.connection;
    if (headers.origin) headers.origin = behind;
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { signal } = gone;
    const answer = await fetch(behind + request.url, { method: request.method, headers, body, signal }).catch(() => null);
    if (!answer) {
      response.destroy();
      return;
    }
    const told = Object.fromEntries(answer.headers);
    delete told['content-encoding'];
    delete told['content-length'];
    const policy = told['content-security-policy'] ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    response.writeHead(answer.status, told);
    const isConsole = nonce && !pathname.startsWith('/api');
    if (isConsole) {
      response.end((await readFile(join(dist, 'index.html'), 'utf8')).replace('__CSP_NONCE__', nonce));
      return;
    }
    // Piece by piece: some answers go on for as long as somebody listens.
    response.flushHeaders();
    const pieces = answer.body ? Readable.fromWeb(answer.body) : Readable.from([]);
    pieces.on('error', () => response.destroy()).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  world.url = `http://127.0.0.1:${server.address().port}`;
  return server;
}

/**
 * The zone of the day and the month. In the last hour of a day of UTC it is one where the day is still long: what is sent
 * before midnight would be yesterday's when it is looked at.
 */
function accountingZone(now = new Date()) {
  return now.getUTCHours() === 23 ? 'Etc/GMT+8' : 'UTC';
}

export class World {
  /** A world that is there; `stop` ends it, also one that came only half into being. */
  static async start() {
    const world = new World();
    await world.start();
    return world;
  }

  async start() {
    this.directory = await mkdtemp(join(tmpdir(), 'tollgate-console-'));
    this.map = new MapServer();
    await this.map.start();
    const simulator = await started(SIMULATOR, ['--credential', CREDENTIAL], { cwd: this.directory }, (line) =>
      line.startsWith('http') ? line.trim() : null,
    );
    this.simulator = simulator.child;
    this.provider = simulator.answer;
    const variables = {
      TOLLGATE_DATA_DIR: join(this.directory, 'data'),
      TOLLGATE_LISTEN: '127.0.0.1:0',
      TOLLGATE_ADMIN_TOKEN: TOKEN,
      TOLLGATE_ACCOUNTING_ZONE: accountingZone(),
      TOLLGATE_PRICES__SYNC__ENABLED: 'false',
      TOLLGATE_PRICES__SYNC__URLS: JSON.stringify([this.map.url]),
      TOLLGATE_PRICES__SYNC__TRIES: '1',
    };
    const gateway = await started(GATEWAY, ['serve'], { cwd: this.directory, variables }, (line) => {
      const match = /listens on (http:\/\/[\d.:]+)/.exec(line);
      return match ? match[1] : null;
    });
    this.gateway = gateway.child;
    this.url = gateway.answer;
    if (process.env.CONSOLE_DIST) this.front = await frontOf(this, process.env.CONSOLE_DIST);
  }

  async stop() {
    const { front, gateway, simulator, map, directory } = this;
    for (const part of ['front', 'gateway', 'simulator', 'map', 'directory']) delete this[part];
    front?.closeAllConnections();
    front?.close();
    if (gateway) await stopped(gateway);
    if (simulator) await stopped(simulator);
    map?.stop();
    if (directory) await rm(directory, { recursive: true, force: true });
  }

  /** Asks the admin API. */
  async admin(method, path, body) {
    const answer = await fetch(`${this.url}/api/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** Sends one request as a client would; the status. */
  async send(key, path, body, headers = {}) {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  }

  /** Prepares the provider's answer to the next request for a model. */
  async script(model, script, times = 1) {
    const answer = await fetch(`${this.provider}/_sim/script`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, times, script }),
    });
    if (!answer.ok) throw new Error(`script: ${answer.status} ${await answer.text()}`);
  }

  /** Waits until so many requests are in the log. */
  async logged(least) {
    for (let tries = 0; tries < 300; tries += 1) {
      const { items } = await this.admin('GET', '/request-logs?limit=200');
      if (items.length >= least && items.every((item) => item.billing_status)) return items;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${least} requests did not reach the log`);
  }

  /** Waits until so many attempts of today are in the sums of the overview, which follow the log. */
  async summed(least) {
    for (let tries = 0; tries < 300; tries += 1) {
      const { today } = await this.admin('GET', '/billing/overview');
      if (today.attempts >= least) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${least} attempts did not reach the sums`);
  }

  /** The price map that ships with the binary. */
  async bundledMap() {
    return readFile(join(root, 'crates/catalog/data/snapshot.json'), 'utf8');
  }
}

export { CREDENTIAL };
