/** Revocation lists. */
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AuthorityMaterial } from '../../../network/identity/authority.js';
import { DAY, NOW, peersOf, type Scene } from './scene.js';
import { textBy } from './signer-vectors.js';
import { bad, good, type Stage, type Vector } from './vector.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

interface Revoked {
  readonly certificate: string;
  readonly at: number;
  readonly reason?: x509.X509CrlReason;
}

async function listBy(authority: AuthorityMaterial, revoked: readonly Revoked[], made = NOW + 100 * DAY): Promise<string> {
  const der = createPrivateKey(authority.privateKey).export({ type: 'pkcs8', format: 'der' });
  const list = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(authority.certificate).subject,
    thisUpdate: new Date(made),
    nextUpdate: new Date(made + 100 * DAY),
    entries: revoked.map(({ certificate, at, reason }) => ({
      serialNumber: new X509Certificate(certificate).serialNumber,
      revocationDate: new Date(at),
      ...(reason !== undefined && { reason }),
    })),
    signingAlgorithm: ALGORITHM,
    signingKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']),
  });
  return x509.PemConverter.encode(list.rawData, 'X509 CRL').concat('\n');
}

/** Lists of all four, in which Shanghai's peer stands as told. */
export async function listsOf(scene: Scene, at?: number, reason?: x509.X509CrlReason): Promise<string[]> {
  return Promise.all(
    scene.map(({ authority, peer }, index) => {
      const isRevoked = index === 0 && at !== undefined;
      return listBy(authority, isRevoked ? [{ certificate: peer.certificate, at, ...(reason !== undefined && { reason }) }] : []);
    }),
  );
}

export async function revocationVectors(stage: Stage): Promise<Vector[]> {
  const { scene } = stage;
  const both = { signers: 'signer.revoked', revocation: 'signer.revoked' };
  const { superseded, keyCompromise, cessationOfOperation, cACompromise } = x509.X509CrlReason;
  const [shanghaiOnly] = await listsOf(scene, NOW - DAY, superseded);
  return [
    good(stage, 'with-clean-lists', 'No signer stands in the lists', { lists: await listsOf(scene) }),
    good(stage, 'with-older-lists', 'Lists made before it was signed tell nothing of it', {
      lists: await Promise.all(scene.map(({ authority }) => listBy(authority, [], NOW - DAY))),
    }),
    good(stage, 'superseded-later', 'A peer got a new certificate afterwards: what it signed before stands', {
      lists: await listsOf(scene, NOW + DAY, superseded),
    }),
    good(stage, 'closed-later', 'A peer was closed afterwards', { lists: await listsOf(scene, NOW + DAY, cessationOfOperation) }),
    good(stage, 'revoked-beside-three', 'One of four is revoked, three are left', {
      receipt: textBy(stage, peersOf(scene, 4)),
      lists: await listsOf(scene, NOW - DAY, keyCompromise),
    }),
    bad(stage, 'revoked-before', 'Revoked before it signed', both, { lists: await listsOf(scene, NOW - DAY, superseded) }),
    bad(stage, 'revoked-at-that-instant', 'Revoked at the very time it declared', both, {
      lists: await listsOf(scene, NOW, cessationOfOperation),
    }),
    bad(stage, 'revoked-later-stolen-key', 'The key was stolen: the thief may declare any time', both, {
      lists: await listsOf(scene, NOW + DAY, keyCompromise),
    }),
    bad(stage, 'revoked-later-broken-authority', 'The authority was broken', both, {
      lists: await listsOf(scene, NOW + DAY, cACompromise),
    }),
    bad(stage, 'revoked-later-no-reason', 'Revoked later without a reason: the worst is assumed', both, {
      lists: await listsOf(scene, NOW + DAY),
    }),
    bad(
      stage,
      'revoked-by-one-list',
      'Only the list that matters was given',
      { signers: 'signer.revoked' },
      { lists: [shanghaiOnly as string] },
    ),
  ];
}
