/** Histories of writes with a fate each, and the blocks that belong to them. */
import type { HistoryEvent } from '../../scripts/faults/history/history.js';
import { type SeenBlock, type SeenTransaction, stateHashOf, type View } from '../../scripts/faults/history/view.js';

export const PEERS = ['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP'];

export function view(mspId: string, blocks: readonly SeenBlock[]): View {
  return { mspId, blocks, stateHash: stateHashOf(blocks) };
}

export function transaction(id: string, operation: string, code = 'VALID'): SeenTransaction {
  return { id, code, function: 'registry:RegisterInstrument', writes: [{ key: operation, value: id }] };
}

export function chain(contents: readonly (readonly SeenTransaction[])[], salt = ''): SeenBlock[] {
  return contents.map((transactions, number) => ({
    number,
    hash: `${salt}hash-${number}`,
    previousHash: number === 0 ? '' : `${salt}hash-${number - 1}`,
    commitHash: `commit-${number}-${JSON.stringify(transactions)}`,
    transactions,
  }));
}

/** How an attempt went: what the client was told, and whether it took effect. */
export type Fate =
  | 'ok'
  | 'failed'
  | 'conflict'
  | 'unknown-there'
  | 'unknown-absent'
  | 'unknown-invalid'
  | 'killed-there'
  | 'retried';

export const FATES: readonly Fate[] = [
  'ok',
  'failed',
  'conflict',
  'unknown-there',
  'unknown-absent',
  'unknown-invalid',
  'killed-there',
  'retried',
];

export interface World {
  readonly history: HistoryEvent[];
  readonly blocks: SeenBlock[];
}

const END: Readonly<Record<Fate, (id: string, place: object) => object[]>> = {
  ok: (id, place) => [{ event: 'ok', transactionId: id, ...place }],
  failed: () => [{ event: 'failed', reason: 'agency.exists' }],
  conflict: () => [{ event: 'failed', reason: 'ledger.conflict' }],
  'unknown-there': (id) => [
    { event: 'unknown', transactionId: id },
    { event: 'resolved', transactionId: id, status: 'valid' },
  ],
  'unknown-absent': (id) => [{ event: 'unknown', transactionId: id }],
  'unknown-invalid': (id) => [
    { event: 'unknown', transactionId: id },
    { event: 'resolved', transactionId: id, status: 'invalid' },
  ],
  'killed-there': () => [],
  retried: (id) => [
    { attempt: `${id}b`, event: 'invoke' },
    { attempt: `${id}b`, event: 'prepared', transactionId: `${id}-again` },
    { attempt: `${id}b`, event: 'ok', transactionId: id },
  ],
};
const THERE: readonly Fate[] = ['ok', 'unknown-there', 'killed-there', 'retried'];
const INVALID: readonly Fate[] = ['conflict', 'unknown-invalid'];

/** Each fate at a time and, where it left something on the ledger, in a block of its own. */
export function worldOf(fates: readonly Fate[]): World {
  const history: HistoryEvent[] = [];
  const contents: SeenTransaction[][] = [[]];
  for (const [index, fate] of fates.entries()) {
    const [operation, id] = [`operation~agency~op-${index}`, `tx-${index}`];
    const events = [
      { event: 'invoke' },
      { event: 'prepared', transactionId: id },
      ...END[fate](id, { block: contents.length, position: 0 }),
    ];
    for (const event of events)
      history.push({ at: history.length, writer: 'w', operation, attempt: `${id}a`, ...event } as HistoryEvent);
    if (THERE.includes(fate)) contents.push([transaction(id, operation)]);
    if (INVALID.includes(fate)) contents.push([transaction(id, operation, 'MVCC_READ_CONFLICT')]);
  }
  return { history, blocks: chain(contents) };
}
