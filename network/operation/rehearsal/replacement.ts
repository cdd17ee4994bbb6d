/** Runbooks: an orderer replaced, a peer rebuilt. */
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../../definition/definition.js';
import { networkPaths } from '../../definition/network-folder.js';
import { inFolder } from '../configtxlator.js';
import { metricsOf } from '../metrics.js';
import { nodeName } from '../nodes.js';
import { ordererHeight } from '../orderer-height.js';
import { takeSnapshot } from '../peer-snapshot.js';
import { rebuildPeer } from '../rebuild-peer.js';
import { replaceOrderer } from '../replace-orderer.js';
import type { Stage } from './stage.js';

const ROUND_MS = 3000;

/** The last block that an orderer agreed on itself: what it fetched because it came back behind is not counted here. */
async function agreedOn({ ports }: Member): Promise<number> {
  return (await metricsOf(ports.ordererOperations))?.get('consensus_BFT_committed_block_number') ?? -1;
}

/** Whether a province's orderer agrees on new blocks again: none is stopped to show it, one of four being new is enough. */
export function takesPart(stage: Stage, member: Member): Promise<boolean> {
  const [shanghai] = stage.members;
  return stage.until(async () => {
    const before = (await ordererHeight(stage.network.root, shanghai)) ?? 0;
    await stage.agency(shanghai, ['data-user']);
    for (const deadline = Date.now() + ROUND_MS; Date.now() < deadline; await pause(100))
      if ((await agreedOn(member)) >= before) return true;
    return false;
  });
}

export async function rehearseOrderer(stage: Stage): Promise<void> {
  stage.begin('orderer');
  const [, , zhejiang] = stage.members;
  await stage.check('an orderer with new keys and an empty ledger in the place of a lost one', () =>
    replaceOrderer(stage.network, zhejiang),
  );
  await stage.check('…, which agrees on the next blocks', () => takesPart(stage, zhejiang));
}

/** Whether a command is refused in these words, and the peer has what it had. */
async function refused(stage: Stage, member: Member, words: string, command: () => Promise<unknown>): Promise<boolean> {
  const before = await stage.height(member);
  const said = await command().then(
    () => '',
    (error: Error) => error.message,
  );
  return said.includes(words) && before > 0 && (await stage.height(member)) >= before;
}

/** As systemd's would be: without a process record. */
async function leftAlone(stage: Stage, member: Member): Promise<boolean> {
  const { root } = stage.network;
  const record = join(networkPaths(root).pids, `${nodeName(member, 'peer')}.json`);
  const kept = readFileSync(record);
  rmSync(record);
  try {
    return await refused(stage, member, 'systemctl stop delta-peer', () => rebuildPeer(stage.network, member));
  } finally {
    writeFileSync(record, kept);
  }
}

/** What Fabric itself says of a snapshot's hash, beside what it is made of. */
function ownWord(folder: string): string {
  return JSON.parse(readFileSync(join(folder, '_snapshot_additional_metadata.json'), 'utf8')).snapshot_hash;
}

/** Two peers' snapshots of one block that was still to come have one hash; a copy of one is what a third begins from. */
async function fromBrought(stage: Stage, taker: Member, member: Member): Promise<boolean> {
  const { network } = stage;
  const block = await stage.height(taker);
  const other = stage.members[1];
  const [{ folder, lastBlock, hash }, compared] = await Promise.all([
    takeSnapshot(network, taker, block),
    takeSnapshot(network, other, block),
    stage.agency(taker, ['data-user']),
  ]);
  if (lastBlock !== block || hash !== compared.hash || hash !== ownWord(folder)) return false;
  return inFolder(async (copies) => {
    const [good, changed] = [join(copies, 'good'), join(copies, 'changed')];
    for (const copy of [good, changed]) cpSync(folder, copy, { recursive: true });
    appendFileSync(join(changed, 'txids.data'), 'x');
    const from = (snapshot: string, wanted: string) => () => rebuildPeer(network, member, { snapshot, hash: wanted });
    if (!(await refused(stage, member, `has the hash ${hash}, not `, from(good, '0'.repeat(64))))) return false;
    if (!(await refused(stage, member, 'txids.data', from(changed, hash)))) return false;
    await from(good, hash.toUpperCase())();
    return true;
  });
}

export async function rehearsePeer(stage: Stage): Promise<void> {
  stage.begin('peer');
  const [shanghai, jiangsu, zhejiang] = stage.members;
  const endorses = async () => {
    const { agencyId } = await stage.agency(shanghai, ['data-user'], undefined, [shanghai, jiangsu, zhejiang]);
    const same = [await stage.record(zhejiang, agencyId), await stage.record(shanghai, agencyId)].map((one) =>
      JSON.stringify(one),
    );
    return same[0] !== undefined && same[0] === same[1];
  };
  await stage.check('a peer that was not started from here is left as it is', () => leftAlone(stage, zhejiang));
  await stage.check('a peer from block 0, to the others’ height', () => rebuildPeer(stage.network, zhejiang));
  await stage.check('…, which endorses and answers as the others do', endorses);
  await stage.check('a peer from another’s snapshot', () => rebuildPeer(stage.network, zhejiang, { snapshotOf: shanghai }));
  await stage.check('…, which endorses and answers as the others do', endorses);
  await stage.check(
    'a snapshot that was brought: with another hash or a changed file nothing is removed, with its own the peer begins from it',
    () => fromBrought(stage, shanghai, zhejiang),
  );
  await stage.check('…, which endorses and answers as the others do', endorses);
}
