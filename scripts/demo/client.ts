/** A small client of the HTTP contract: a token for each agency, idempotency keys, retries that are safe. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoAgency } from './agencies.js';
import { adviceFor, DemoFault } from './fault.js';

export type Caller = Pick<DemoAgency, 'agencyId' | 'province' | 'roles'>;
export type Json = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly location?: string;
}

export interface Written {
  readonly record: Json;
  readonly transaction: { readonly id: string; readonly block: number; readonly time: string };
}

export interface Client {
  readonly address: string;
  /** any answer, refusals included; the same key asks for the same write */
  ask(method: 'GET' | 'POST', path: string, as?: Caller, body?: unknown, key?: string): Promise<Reply>;
  /** @throws DemoFault unless the answer is 200 */
  get(path: string, as?: Caller): Promise<Json>;
  /** @throws DemoFault unless the answer is 201 */
  post(path: string, as: Caller, body: unknown, key: string): Promise<Json>;
  /** a file to `POST /v1/verify`, as `curl -F file=@…` sends it */
  verify(bytes: Uint8Array, question?: { readonly asOf?: string; readonly knownAt?: string }): Promise<Json>;
}

/** `fetch`, or what stands in for it. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  readonly address: string;
  readonly send?: Send;
  readonly token: (caller: Caller) => Promise<string>;
}

const ATTEMPTS = 30;

function isPending({ status, body }: Reply): boolean {
  return status === 202 || (status >= 400 && body.retryable === true);
}

/** Why the last attempt got no answer at all. */
function unreachable(address: string, error: unknown): DemoFault {
  const cause = (error instanceof Error ? error.cause : undefined) as NodeJS.ErrnoException | undefined;
  const untrusted = /CERT|SIGNATURE|ISSUER/.test(cause?.code ?? '');
  const advice = untrusted
    ? 'Set NODE_EXTRA_CA_CERTS to the file of the authority that issued TLS_CERT, and HOST to a name in it.'
    : 'Start the server first: npm start (PORT and HOST as for this command).';
  return new DemoFault(`${address} does not answer: ${cause?.message ?? error}`, advice);
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const location = response.headers.get('location');
  let body: Json;
  try {
    body = text === '' ? {} : (JSON.parse(text) as Json);
  } catch {
    body = { text };
  }
  return { status: response.status, body, ...(location !== null && { location }) };
}

/** Sends until there is a final answer; a write is sent again only with its key, so it happens once. */
async function settled(send: () => Promise<Response>, address: string): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await reply(await send());
      if (!isPending(answer) || attempt === ATTEMPTS) return answer;
    } catch (error) {
      if (attempt === 3) throw unreachable(address, error);
    }
    await sleep(Math.min(1000, 50 * attempt));
  }
}

export function createClient({ address, token, send = fetch }: ClientOptions): Client {
  const ask: Client['ask'] = async (method, path, as, body, key) => {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': 'en' };
    if (as) headers.authorization = `Bearer ${await token(as)}`;
    if (key !== undefined) headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? null : JSON.stringify(body);
    return settled(() => send(address + path, { method, headers, body: text }), address);
  };
  const expect = (wanted: number, what: string, { status, body }: Reply): Json => {
    if (status === wanted) return body;
    const code = typeof body.code === 'string' ? body.code : undefined;
    throw new DemoFault(`${what} was answered ${status} ${JSON.stringify(body)}, not ${wanted}.`, adviceFor(status, code));
  };
  return {
    address,
    ask,
    get: async (path, as) => expect(200, `GET ${path}`, await ask('GET', path, as)),
    post: async (path, as, body, key) =>
      expect(201, `POST ${path} ${JSON.stringify(body)}`, await ask('POST', path, as, body, key)),
    verify: async (bytes, question = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(question)) form.set(name, value);
      form.set('file', new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }), 'document');
      const post = () => send(`${address}/v1/verify`, { method: 'POST', body: form });
      return expect(200, 'POST /v1/verify with a file', await settled(post, address));
    },
  };
}
