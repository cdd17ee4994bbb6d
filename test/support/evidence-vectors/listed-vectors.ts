/** Bundles with revocation lists, in which one of their signers stands. */
import * as x509 from '@peculiar/x509';
import { listsOf } from '../receipt-vectors/revocation-vectors.js';
import { DAY, NOW, peersOf } from '../receipt-vectors/scene.js';
import { bad, type EvidenceStage, type EvidenceVector, good } from './vector.js';

export async function listedVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  const { scene } = stage;
  const { superseded, keyCompromise } = x509.X509CrlReason;
  const both = { signers: 'signer.revoked', revocation: 'signer.revoked' };
  const listing = async (at: number, reason: x509.X509CrlReason) => ({ lists: await listsOf(scene, at, reason) });
  return [
    await good(
      stage,
      'case',
      'superseded-later',
      'A peer got a new certificate afterwards: what it signed before stands',
      {},
      await listing(NOW + DAY, superseded),
    ),
    await good(
      stage,
      'certificate',
      'revoked-beside-three',
      'One of four signers is revoked, three are left',
      { peers: peersOf(scene, 4) },
      await listing(NOW - DAY, keyCompromise),
    ),
    await bad(
      stage,
      'case',
      'revoked-before',
      'A peer was revoked before it signed',
      both,
      {},
      await listing(NOW - DAY, superseded),
    ),
    await bad(
      stage,
      'case',
      'revoked-before-in-one',
      'The same of a bundle with a receipt for each two records',
      both,
      { each: 2 },
      await listing(NOW - DAY, superseded),
    ),
    await bad(
      stage,
      'certificate',
      'revoked-later-stolen-key',
      'The key was stolen: the thief may declare any time',
      both,
      {},
      await listing(NOW + DAY, keyCompromise),
    ),
    await bad(
      stage,
      'certificate',
      'revoked-later-no-reason',
      'Revoked later without a reason: the worst is assumed',
      both,
      {},
      {
        lists: await listsOf(scene, NOW + DAY),
      },
    ),
  ];
}
