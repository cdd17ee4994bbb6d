/** Runbooks: an orderer replaced, a peer rebuilt. */
import type { Member } from '../../definition/definition.js';
import { rebuildPeer } from '../rebuild-peer.js';
import { replaceOrderer } from '../replace-orderer.js';
import { startNode, stopNode } from '../restart-nodes.js';
import type { Stage } from './stage.js';

/** With another orderer stopped, nothing is ordered without this province's. */
export async function ordersAlone(stage: Stage, stopped: Member, asked: Member, expected: Member): Promise<boolean> {
  await stopNode(stage.network, stopped, 'orderer');
  try {
    // After a change of keys the others' connections and a new leader take their time.
    const ordered = await stage.until(async () => {
      const written = await stage.agency(asked, ['data-user'], undefined, undefined, asked).catch(() => undefined);
      return written !== undefined;
    });
    return ordered && (await stage.catchesUp(expected, asked));
  } finally {
    await startNode(stage.network, stopped, 'orderer');
  }
}

export async function rehearseOrderer(stage: Stage): Promise<void> {
  stage.begin('orderer');
  const [shanghai, jiangsu, zhejiang] = stage.members;
  await stage.check('an orderer with new keys and an empty ledger in the place of a lost one', () =>
    replaceOrderer(stage.network, zhejiang),
  );
  await stage.check('…, which makes one of a quorum of three', () => ordersAlone(stage, shanghai, jiangsu, zhejiang));
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
