/** Runbook: certificates renewed and keys replaced; the other provinces write on meanwhile. */

import { updateChannel } from '../channel-update.js';
import { ROTATIONS, rotate } from '../rotate.js';
import { takesPart } from './replacement.js';
import type { Stage } from './stage.js';

const WORDS = {
  peer: 'the peer under a new key and certificate',
  'peer-tls': 'the peer under a new TLS key',
  orderer: 'the orderer under a new certificate of its old key, without a word to the others',
  'orderer-new-key': 'the orderer under a new key, signed by four',
  'orderer-tls': 'the orderer under a new TLS key, signed by four',
  'orderer-tls-same-key': 'the orderer under a new TLS certificate of its old key, without a word to the others',
  chaincode: 'the chaincode service and the peer that speaks to it, both under new TLS keys',
  admin: 'the administrator under new keys',
  reader: 'the reader under a new key',
} as const;

export async function rehearseRotation(stage: Stage): Promise<void> {
  stage.begin('rotation');
  const { network } = stage;
  const [shanghai, jiangsu, zhejiang, anhui] = stage.members;
  await stage.check('what four have to sign is refused with three signatures', async () => {
    try {
      await updateChannel(network, [shanghai, jiangsu, zhejiang], (config) => {
        const orderers = config.channel_group.groups.Orderer?.values.Orderers?.value.consenter_mapping as { host: string }[];
        (orderers[3] as { host: string }).host = 'elsewhere.example';
      });
      return false;
    } catch (error) {
      return error instanceof Error && /policy|signature sets|AllProvinces/i.test(error.message);
    }
  });
  for (const rotation of ROTATIONS) {
    await stage.check(WORDS[rotation], () => rotate(network, anhui, rotation));
    await stage.check('…, which then endorses and comes to the same height', async () => {
      await stage.agency(shanghai, ['data-user'], undefined, [shanghai, jiangsu, anhui]);
      return stage.catchesUp(anhui, shanghai);
    });
    await stage.check('…, and whose orderer agrees on the next blocks', () => takesPart(stage, anhui));
  }
}
