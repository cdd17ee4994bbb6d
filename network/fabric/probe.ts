/** One question to each province's peer by itself, for whoever looks for what is wrong between here and there. */
import { draftProposal, signProposal } from '../client.js';
import { Membership } from '../identity/msp.js';
import type { Signer } from '../identity/signer.js';
import { type Answer, askPeer } from './answer.js';
import { Node } from './node.js';
import type { OpenedProfile, ProvinceConnection } from './profile.js';
import { connectSdk } from './sdk.js';

export interface ProbeOptions {
  readonly profile: OpenedProfile;
  /** who asks */
  readonly signer: Signer;
  /** milliseconds since the epoch: the time that the question declares */
  readonly clock: () => number;
  /** how long a peer may take; one whose chaincode service is away takes 10 s to say so */
  readonly timeoutMs?: number;
}

export interface Probed {
  readonly province: ProvinceConnection;
  readonly answer: Answer;
}

const TIMEOUT_MS = 20_000;

/** Asks each peer which code it runs; in the order of the profile. Never throws for what a peer does. */
export async function probePeers({ profile, signer, clock, timeoutMs = TIMEOUT_MS }: ProbeOptions): Promise<readonly Probed[]> {
  const { provinces } = profile;
  const sdk = await connectSdk(profile);
  const log = () => undefined;
  const membership = new Membership(new Map(provinces.map(({ mspId, roots }) => [mspId, roots])));
  const peers = provinces.map((province) => ({ province, node: new Node(province.mspId, sdk.endorser(province), log) }));
  try {
    const draft = draftProposal({ signer, function: 'ledger:GetCodeInfo', argument: '' }, clock());
    const call = { draft, proposal: await signProposal(signer, draft) };
    return await Promise.all(
      peers.map(async ({ province, node }) => ({ province, answer: await askPeer({ membership, log }, node, call, timeoutMs) })),
    );
  } finally {
    await Promise.all(peers.map(({ node }) => node.close()));
    sdk.close();
  }
}
