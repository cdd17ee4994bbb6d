/**
 * One table of state for all namespaces of a channel: our contracts' keys as they are, others' behind a mark that no
 * key of ours begins with. Of private data the chain has hashes, and these are keys and values here.
 */
import { CHAINCODE_NAME } from '../../channel.js';
import type { Read, Write } from '../../embedded/simulation.js';
import type { StateUpdate, UpdateBatch } from '../../format/commit-hash.js';
import type { NamespaceSet } from '../../format/read-write-sets.js';

const MARK = '\u0001';

export function stateKey(namespace: string, key: string, collection?: string): string {
  if (collection !== undefined) return [MARK, namespace, MARK, collection, MARK, key].join('');
  return namespace === CHAINCODE_NAME ? key : [MARK, namespace, MARK, MARK, key].join('');
}

function placeOf(name: string): { namespace: string; collection: string; key: string | Buffer } {
  if (!name.startsWith(MARK)) return { namespace: CHAINCODE_NAME, collection: '', key: name };
  const [, namespace = '', collection = '', ...rest] = name.split(MARK);
  const key = rest.join(MARK);
  return { namespace, collection, key: collection ? Buffer.from(key, 'hex') : key };
}

/** What a transaction read and wrote, over all namespaces. */
export function readsAndWrites(sets: readonly NamespaceSet[]): { reads: Read[]; writes: Write[] } {
  const named = <T extends { readonly key: string }>(
    pick: (set: { reads: readonly Read[]; writes: readonly Write[] }) => readonly T[],
  ) =>
    sets.flatMap((set) => [
      ...pick(set).map((entry) => ({ ...entry, key: stateKey(set.namespace, entry.key) })),
      ...set.collections.flatMap((collection) =>
        pick(collection).map((entry) => ({ ...entry, key: stateKey(set.namespace, entry.key, collection.name) })),
      ),
    ]);
  return { reads: named(({ reads }) => reads), writes: named(({ writes }) => writes) };
}

const byBytes = (left: string | Uint8Array, right: string | Uint8Array) => Buffer.compare(Buffer.from(left), Buffer.from(right));

/** As the commit hash takes them. */
export function batchesOf(updates: readonly StateUpdate[]): UpdateBatch[] {
  const batches = new Map<string, { namespace: string; collection: string; updates: UpdateBatch['updates'][number][] }>();
  for (const update of updates) {
    const { namespace, collection, key } = placeOf(update.key);
    const name = `${namespace}${MARK}${collection}`;
    const batch = batches.get(name) ?? { namespace, collection, updates: [] };
    batch.updates.push({ ...update, key });
    batches.set(name, batch);
  }
  for (const { updates: some } of batches.values()) some.sort((left, right) => byBytes(left.key, right.key));
  return [...batches.values()].sort(
    (left, right) => byBytes(left.namespace, right.namespace) || byBytes(left.collection, right.collection),
  );
}
