/** The proof is right, but whoever made it is nobody to accept. */
import { createAuthority, generateKeyPair, issueCertificate } from '../../../network/identity/authority.js';
import { receiptText } from '../../../network/proof/receipt.js';
import { certificateAnswer, payloadOf } from './payloads.js';
import {
  DAY,
  makeScene,
  member,
  NOW,
  type Party,
  partyOf,
  peersOf,
  type Scene,
  signedBy,
  trustOf,
  type VectorProvince,
} from './scene.js';
import { bad, type Stage, type Vector } from './vector.js';

/** The receipt that these parties make. */
export function textBy(stage: Stage, parties: readonly Party[]): string {
  return receiptText({ payload: stage.payload, signatures: signedBy(parties, stage.payload) });
}

function provincesOf(scene: Scene) {
  const [first, second, third, fourth] = scene;
  if (!first || !second || !third || !fourth) throw new Error('a scene has four provinces');
  return [first, second, third, fourth] as const;
}

async function wrongMembers(stage: Stage): Promise<Vector[]> {
  const [, , third, fourth] = provincesOf(stage.scene);
  const two = peersOf(stage.scene, 2);
  const wrong = (name: string, about: string, code: string, party: Party) =>
    bad(stage, `signer-${name}`, about, { signers: code }, { receipt: textBy(stage, [...two, party]) });
  const stranger = await createAuthority('ZhejiangMSP', 'zhejiang', NOW - DAY);
  const fifth = await createAuthority('FujianMSP' as 'AnhuiMSP', 'fujian', NOW - DAY);
  const { authority } = third;
  const { privateKey, publicKey } = await generateKeyPair();
  const borrowed = { ...stranger, certificate: authority.certificate };
  const impostor = partyOf(
    'ZhejiangMSP',
    await issueCertificate(borrowed, { commonName: 'peer', unit: 'peer', publicKey, days: 9, now: NOW }),
    privateKey,
  );
  return [
    wrong('client-as-peer', 'An agency signs as if it were a peer', 'signer.unit', await member(authority, { unit: 'client' })),
    wrong('orderer-as-peer', 'An orderer signs', 'signer.unit', await member(authority, { unit: 'orderer' })),
    wrong('admin-as-peer', 'An administrator signs', 'signer.unit', await member(authority, { unit: 'admin' })),
    wrong('of-no-member', 'A peer of a province that is no member', 'signer.unknown', await member(fifth)),
    wrong('of-other-root', 'A peer under a root that calls itself Zhejiang’s', 'signer.root', await member(stranger)),
    wrong(
      'issuer-forged',
      'A certificate that names the pinned root as its issuer, signed by another key',
      'signer.root',
      impostor,
    ),
    wrong(
      'of-other-province',
      'Anhui’s authority issued for Zhejiang',
      'signer.root',
      await member({ ...fourth.authority, mspId: 'ZhejiangMSP' }),
    ),
    wrong(
      'is-authority',
      'The authority itself signs, and not a peer',
      'signer.certificate',
      partyOf('ZhejiangMSP', authority.certificate, authority.privateKey),
    ),
    wrong(
      'expired',
      'A certificate that had run out when it signed',
      'signer.validity',
      await member(authority, { now: NOW - 10 * DAY, days: 9 }),
    ),
    wrong(
      'not-yet-valid',
      'A certificate of after the declared time',
      'signer.validity',
      await member(authority, { now: NOW + 2 * DAY }),
    ),
  ];
}

async function tooFew(stage: Stage): Promise<Vector[]> {
  const [first] = provincesOf(stage.scene);
  const [shanghai, jiangsu] = peersOf(stage.scene) as [Party, Party];
  const wrong = (name: string, about: string, parties: readonly Party[], made: object = {}) =>
    bad(stage, `few-${name}`, about, { signers: 'signer.too-few' }, { receipt: textBy(stage, parties), ...made });
  const second = await member(first.authority, { commonName: 'peer2.shanghai' });
  return [
    wrong('two-provinces', 'Two provinces, where three are asked for', [shanghai, jiangsu]),
    wrong('duplicated-signature', 'The same signature twice is one', [shanghai, jiangsu, jiangsu]),
    wrong('two-peers-of-one', 'Two peers of one province are one voice', [shanghai, second, jiangsu]),
    wrong('one', 'One province', [shanghai]),
    wrong('three-of-four', 'Three provinces, where four are asked for', peersOf(stage.scene), {
      trust: trustOf(stage.scene, { receiptPolicy: { k: 4 } }),
    }),
  ];
}

async function otherTrust(stage: Stage): Promise<Vector[]> {
  const turned = stage.scene.map((each, index) => ({
    ...each,
    authority: (stage.scene[(index + 1) % 4] as VectorProvince).authority,
  }));
  const old = await makeScene(undefined, NOW - 4000 * DAY);
  const embedded = await makeScene('single-operator');
  const [one] = provincesOf(embedded);
  const mixed = [one, ...stage.scene.slice(1)];
  const aged = old.map((each) => each.authority);
  const signers = await Promise.all(aged.slice(0, 3).map((authority) => member(authority)));
  return [
    bad(
      stage,
      'trust-roots-replaced',
      'Against the roots of another network',
      { signers: 'signer.root' },
      { trust: trustOf(await makeScene()) },
    ),
    bad(
      stage,
      'trust-roots-turned',
      'Against the right roots under the wrong provinces',
      { signers: 'signer.root' },
      { trust: trustOf(turned) },
    ),
    bad(
      stage,
      'trust-other-channel',
      'Against the trust in another channel',
      { ledger: 'proof.ledger' },
      { trust: trustOf(stage.scene, { channel: 'delta-2' }) },
    ),
    bad(
      stage,
      'signer-root-expired',
      'Under roots that had run out',
      { signers: 'signer.validity' },
      { receipt: textBy(stage, signers), trust: trustOf(old) },
    ),
    bad(
      stage,
      'embedded-as-network',
      'A receipt of one operator’s ledger, with its roots in a file that says bft-4',
      { assurance: 'signer.assurance' },
      { receipt: textBy(stage, peersOf(embedded)), trust: trustOf(embedded) },
    ),
    bad(
      stage,
      'embedded-among-network',
      'One of the three is of one operator’s ledger',
      { assurance: 'signer.assurance' },
      { receipt: textBy(stage, peersOf(mixed)), trust: trustOf(mixed) },
    ),
    bad(
      stage,
      'embedded-against-network',
      'A receipt of one operator’s ledger, against the network’s roots',
      { signers: 'signer.root', assurance: 'signer.assurance' },
      { receipt: textBy(stage, peersOf(embedded)) },
    ),
    bad(
      stage,
      'document-other',
      'For a document with other bytes',
      { document: 'proof.document' },
      { document: Buffer.from('another document\n') },
    ),
    bad(
      stage,
      'document-unnamed',
      'For a document, where the answer names none',
      { document: 'proof.document' },
      {
        receipt: receiptText({
          payload: payloadOf(certificateAnswer({ result: {} })),
          signatures: signedBy(peersOf(stage.scene), payloadOf(certificateAnswer({ result: {} }))),
        }),
        document: Buffer.from('a document of no particular content\n'),
      },
    ),
  ];
}

export async function signerVectors(stage: Stage): Promise<Vector[]> {
  return [...(await wrongMembers(stage)), ...(await tooFew(stage)), ...(await otherTrust(stage))];
}
