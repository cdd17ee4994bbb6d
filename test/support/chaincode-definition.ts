/** The transaction by which a network's members define our chaincode, as the lifecycle chaincode would write it. */
import { stateKey } from '../../network/audit/fabric/state-keys.js';
import { draftCall, signEnvelope } from '../../network/client.js';
import { endorse } from '../../network/embedded/endorser.js';
import { proposalHash } from '../../network/format/proposal.js';
import { encodeResponsePayload } from '../../network/format/response.js';
import { MessageWriter } from '../../network/format/wire.js';
import type { NetworkNode } from '../../network/identity/province.js';
import type { Made } from './fabric-chain.js';

export const LIFECYCLE = '_lifecycle';
export const SEQUENCE = 'namespaces/fields/trust/Sequence';
const POLICY = '/Channel/Application/Endorsement';

/** Our chaincode under the channel's endorsement policy. */
export async function definition(admin: NetworkNode, peers: readonly NetworkNode[], now: number): Promise<Made> {
  const data = (bytes: Buffer) => new MessageWriter().item(2, bytes).finish();
  const policy = new MessageWriter().text(2, POLICY).finish();
  const info = new MessageWriter().text(1, 'vscc').bytes(2, policy).finish();
  const writes = [
    { key: SEQUENCE, value: new MessageWriter().integer(1, 1).finish() },
    { key: 'namespaces/fields/trust/ValidationInfo', value: data(info) },
  ];
  const draft = draftCall(admin, LIFECYCLE, ['CommitChaincodeDefinition'], now);
  const payload = encodeResponsePayload({
    proposalHash: proposalHash(draft.parts),
    chaincode: { name: LIFECYCLE, version: 'syscc' },
    status: 200,
    payload: Buffer.alloc(0),
    reads: [],
    writes,
  });
  const endorsements = await Promise.all(peers.map((peer) => endorse(peer, payload)));
  const own = writes.map((write) => ({ ...write, key: stateKey(LIFECYCLE, write.key) }));
  return { envelope: await signEnvelope(admin, draft, payload, endorsements), writes: own };
}
