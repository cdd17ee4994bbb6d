/** An API on the host of one province, and what it answers there while that host is cut off, and after. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { REGISTRARS } from '../../../../network/registrars.js';
import type { Host } from '../../../network/namespaces.js';
import { until } from '../arena.js';

const SCRIPTS = resolve(import.meta.dirname, '../../..');
const PORT = '18080';
const PATIENCE_MS = 120_000;
const KEY = 'written-while-cut-off-0001';

const INSTRUMENT = {
  code: 'fault-cut-off-api',
  title: { zh: '故障演练文书' },
  issuer: '测试',
  effectiveFrom: '2026-01-01T00:00:00Z',
  digest: { alg: 'sha-256', value: '0'.repeat(64) },
};

/** Asks from within the host's namespace, and prints what came back. */
const ASK = `
const [url, token, body] = process.argv.slice(1);
const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body, headers: {
  authorization: 'Bearer ' + token, 'content-type': 'application/json', 'idempotency-key': '${KEY}' } });
console.log(JSON.stringify({ status: answer.status, stale: answer.headers.get('stale-as-of') }));`;

interface Said {
  readonly status: number;
  readonly stale: string | null;
}

export class CutOffApi {
  readonly #host: Host;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #registrar: string;
  #child: ChildProcess | undefined;

  /** @param folder the province's own, as `folders` wrote it; its API's data go below it */
  constructor(host: Host, folder: string, index: number) {
    const { code } = PROVINCES[index] as (typeof PROVINCES)[number];
    this.#host = host;
    this.#registrar = REGISTRARS.find(({ province }) => province === code)?.agencyId ?? '';
    this.#environment = {
      ...process.env,
      LEDGER: 'fabric',
      FABRIC_PROFILE: join(folder, 'profiles', `${host.name}.json`),
      PROVINCE: code,
      DATA_DIR: join(folder, 'api-data'),
      PORT,
      HOST: '127.0.0.1',
      DEMO: 'off',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'warn',
    };
  }

  async #ask(path: string, body?: object): Promise<Said> {
    const words = [`http://127.0.0.1:${PORT}${path}`, ...(body ? [this.#token(), JSON.stringify(body)] : [])];
    const command = ['netns', 'exec', this.#host.namespace, process.execPath, '--input-type=module', '-e', ASK, ...words];
    const { stdout } = await promisify(execFile)('ip', command, { timeout: PATIENCE_MS });
    return JSON.parse(stdout) as Said;
  }

  #token(): string {
    const command = [join(SCRIPTS, 'token.js'), this.#registrar];
    return spawnSync(process.execPath, command, { encoding: 'utf8', env: this.#environment }).stdout.trim();
  }

  /** Starts it and waits until it is ready. @throws Error with what it said */
  async start(): Promise<void> {
    const command = ['netns', 'exec', this.#host.namespace, process.execPath, join(SCRIPTS, 'start.js')];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'pipe'], env: this.#environment });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    await until('the API is ready', () => {
      if (child.exitCode !== null) throw new Error(`the API of ${this.#host.name} ended: ${said.slice(-500)}`);
      return this.#ask('/readyz').then(
        ({ status }) => status === 200,
        () => false,
      );
    });
  }

  /** What is wrong with its answers while it is cut off: reads go on and say how old they may be, writes are refused. */
  async whileCutOff(): Promise<string[]> {
    const broken: string[] = [];
    const read = await this.#ask('/v1/agencies');
    if (read.status !== 200) broken.push(`the API that is cut off answers a read with ${read.status}`);
    if (read.stale === null) broken.push('the API that is cut off does not say until when its answers are whole');
    const write = await this.#ask('/v1/instruments', INSTRUMENT);
    if (write.status !== 503 && write.status !== 202) broken.push(`the API that is cut off answers a write with ${write.status}`);
    return broken;
  }

  /** What is wrong once it is joined again: it says no more that it is behind, and the same request ends well. */
  async afterwards(): Promise<string[]> {
    await until('the API is whole again', async () => (await this.#ask('/v1/agencies')).stale === null, PATIENCE_MS);
    let last = 0;
    await until(
      'the write is done',
      async () => {
        last = (await this.#ask('/v1/instruments', INSTRUMENT)).status;
        return last === 201 || (last >= 400 && last < 500 && last !== 409);
      },
      PATIENCE_MS,
    );
    return last === 201 ? [] : [`the write that was refused while cut off is answered with ${last} afterwards`];
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await gone;
    clearTimeout(timer);
  }
}
