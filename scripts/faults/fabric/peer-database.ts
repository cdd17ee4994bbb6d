/** The peers' databases, as each peer itself writes them into a snapshot. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../../../network/definition/definition.js';
import type { Network } from '../../../network/operation/commands.js';
import { takeSnapshot } from '../../../network/operation/peer-snapshot.js';
import type { PeerDatabase } from '../history/database.js';

/** What Fabric puts beside a snapshot's files, and a province's administrator signs or compares. */
interface SignableMetadata {
  readonly last_block_number: number;
  readonly snapshot_files_raw_hashes: Readonly<Record<string, string>>;
}

const TRIES = 3;

/** @throws NetworkFault when the peer makes none */
async function databaseOf(network: Network, member: Member): Promise<PeerDatabase> {
  const { folder } = await takeSnapshot(network, member);
  const text = readFileSync(join(folder, '_snapshot_signable_metadata.json'), 'utf8');
  // A peer makes no second snapshot of a block.
  rmSync(folder, { recursive: true });
  const { last_block_number: block, snapshot_files_raw_hashes: files } = JSON.parse(text) as SignableMetadata;
  return { mspId: member.province.mspId, block, files };
}

/** @param peers all of them, when nothing is written any more; one that got another block in between is read again */
export async function databasesOf(peers: readonly (readonly [Network, Member])[]): Promise<PeerDatabase[]> {
  for (let tried = 1; ; tried += 1) {
    const databases = await Promise.all(peers.map(([network, member]) => databaseOf(network, member)));
    if (tried === TRIES || databases.every(({ block }) => block === databases[0]?.block)) return databases;
  }
}
