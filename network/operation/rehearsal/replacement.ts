/** Runbooks: an orderer replaced, a peer rebuilt. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../../definition/definition.js';
import { metricsOf } from '../metrics.js';
import { ordererHeight } from '../orderer-height.js';
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
  await stage.check('a peer from block 0, to the others’ height', () => rebuildPeer(stage.network, zhejiang));
  await stage.check('…, which endorses and answers as the others do', endorses);
  await stage.check('a peer from another’s snapshot', () => rebuildPeer(stage.network, zhejiang, shanghai));
  await stage.check('…, which endorses and answers as the others do', endorses);
}
