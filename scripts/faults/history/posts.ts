/** Writes over HTTP, and what an API answered to each, as a history that the checker can judge. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { key as ledgerKey } from '../../../chaincode/state/keys.js';
import { type HistoryEvent, type Listener, now } from './history.js';

export interface Post {
  /** where the API is, and the path: `http://127.0.0.1:8080/v1/instruments` */
  readonly url: string;
  readonly token: string;
  /** whose token it is */
  readonly agencyId: string;
  /** the Idempotency-Key, which is the operation's id on the ledger */
  readonly key: string;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

type Own = Pick<HistoryEvent, 'writer' | 'operation' | 'attempt'>;
type End<T = HistoryEvent> = T extends HistoryEvent ? Omit<T, 'at' | keyof Own> : never;

const PATIENCE_MS = 60_000;

interface Body {
  readonly code?: string;
  readonly transaction?: { readonly id: string; readonly block?: number };
}

function bodyOf(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/**
 * What an answer means: 201 ok; 202 unknown, with its transaction; 4xx and 503 failed, since the API promises that
 * this request wrote nothing; whatever else unknown.
 * @param replayed whether the transaction is an earlier request's, by the header `idempotent-replayed`
 */
export function eventsOf({ status, text }: Answered, replayed: boolean): End[] {
  const { code, transaction } = bodyOf(text);
  if (status === 201 && transaction) {
    const { id: transactionId, block } = transaction;
    const ok: End = { event: 'ok', transactionId, ...(block !== undefined && { block }) };
    return replayed ? [ok] : [{ event: 'prepared', transactionId }, ok];
  }
  if (status === 202 && transaction) return [{ event: 'unknown', transactionId: transaction.id }];
  if ((status >= 400 && status < 500) || status === 503) return [{ event: 'failed', reason: `${status} ${code}` }];
  return [{ event: 'unknown' }];
}

export class LoggedPosts {
  readonly #writer: string;
  readonly #log: Listener;
  /** transactions that a 202 named and of which nothing certain was told since */
  readonly #open = new Map<string, Own>();

  constructor(writer: string, log: Listener) {
    this.#writer = writer;
    this.#log = log;
  }

  /** @throws what `fetch` throws when the connection was cut: the outcome is unknown then */
  async post({ url, token, agencyId, key, body }: Post): Promise<Answered> {
    const own: Own = { writer: this.#writer, operation: ledgerKey('operation', agencyId, key), attempt: randomUUID() };
    const log = (end: End) => this.#log({ at: now(), ...own, ...end });
    log({ event: 'invoke' });
    try {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key };
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(url, { method: 'POST', headers, body, signal });
      const answered = { status: answer.status, text: await answer.text() };
      const ends = eventsOf(answered, answer.headers.get('idempotent-replayed') === 'true');
      for (const end of ends) {
        if (end.event === 'unknown' && end.transactionId !== undefined) this.#open.set(end.transactionId, own);
        log(end);
      }
      return answered;
    } catch (error) {
      log({ event: 'unknown' });
      throw error;
    }
  }

  /**
   * Asks an API for what it answered with 202 until all of it is certain.
   * @param address `http://127.0.0.1:8080`
   * @returns ids that are not after so many milliseconds
   */
  async resolve(address: string, token: string, patience: number): Promise<string[]> {
    for (const deadline = Date.now() + patience; this.#open.size > 0 && Date.now() < deadline; await pause(250))
      for (const [id, own] of this.#open) {
        const answer = await fetch(`${address}/v1/transactions/${id}`, { headers: { authorization: `Bearer ${token}` } });
        if (answer.status !== 200) continue;
        const { status, transaction = id } = (await answer.json()) as { readonly status: string; readonly transaction?: string };
        if (status !== 'valid' && status !== 'invalid') continue;
        this.#log({ at: now(), ...own, event: 'resolved', transactionId: transaction, status });
        this.#open.delete(id);
      }
    return [...this.#open.keys()];
  }
}
