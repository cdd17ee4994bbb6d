/** Records to anchor, and the requests that carry them. */
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Session } from './session.js';

/** A fresh id, in no order and in letters: a run of random digits may look like somebody's telephone. */
function freshId(): string {
  const letters = randomBytes(10)
    .toString('hex')
    .replace(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
  return `record-${letters}`;
}

export interface Sent {
  readonly recordIds: readonly string[];
  readonly body: string;
}

/** So many new records as NDJSON. */
export function records(count: number): Sent {
  const recordIds = Array.from({ length: count }, freshId);
  const lines = recordIds.map((recordId) => {
    const value = createHash('sha256').update(recordId).digest('hex');
    return `${JSON.stringify({ recordId, kind: 'milestone', digest: { alg: 'sha-256', value }, occurredAt: '2026-11-02T01:02:03Z' })}\n`;
  });
  return { recordIds, body: lines.join('') };
}

const agent = new Agent({ keepAlive: true });

function send({ server, token }: Session, method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
    const sending = request(`${server.url}${path}`, { method, headers, agent }, (answer) => {
      let text = `${answer.statusCode} `;
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(text)).on('error', reject);
    });
    sending.on('error', reject).end(body);
  });
}

/** @throws Error unless every record was accepted */
export async function anchor(session: Session, { recordIds, body }: Sent, wait: boolean): Promise<void> {
  const answer = await send(session, 'POST', `/v1/anchors${wait ? '?wait=true' : ''}`, body);
  const expected = `202 ${JSON.stringify({ accepted: recordIds.length, rejected: [] })}`;
  if (answer !== expected) throw new Error(`not all were accepted: ${answer.slice(0, 300)}`);
}

export async function isFinal(session: Session, recordId: string): Promise<boolean> {
  return (await send(session, 'GET', `/v1/anchors/${recordId}`)).includes('"path"');
}
