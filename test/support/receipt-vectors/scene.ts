/** Four provinces made for vectors: authorities, peers and whoever else signs. Their keys are never written anywhere. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { PROVINCES, type Province } from '../../../chaincode/provinces.js';
import { encodeIdentity } from '../../../network/format/identity.js';
import {
  type AuthorityMaterial,
  type CertificateRequest,
  createAuthority,
  generateKeyPair,
  issueCertificate,
} from '../../../network/identity/authority.js';
import { lowS } from '../../../network/identity/low-s.js';
import type { PeerSignature } from '../../../network/proof/receipt.js';

export const DAY = 86_400_000;
/** The declared time of every answer in the vectors. */
export const TIME = '2026-03-01T08:00:00.000Z';
export const NOW = Date.parse(TIME);

export interface Party {
  readonly mspId: string;
  readonly certificate: string;
  readonly endorser: Buffer;
  readonly key: KeyObject;
}

export interface VectorProvince {
  readonly province: Province;
  readonly authority: AuthorityMaterial;
  readonly peer: Party;
}

export type Scene = readonly VectorProvince[];

export function partyOf(mspId: string, certificate: string, privateKey: string): Party {
  return { mspId, certificate, endorser: encodeIdentity({ mspId, certificate }), key: createPrivateKey(privateKey) };
}

/** Somebody with a certificate of this authority: a peer from a day before the answer on, unless told otherwise. */
export async function member(authority: AuthorityMaterial, changes: Partial<CertificateRequest> = {}): Promise<Party> {
  const { privateKey, publicKey } = await generateKeyPair();
  const request = { commonName: 'peer.vectors', unit: 'peer' as const, publicKey, days: 365, now: NOW - DAY, ...changes };
  return partyOf(authority.mspId, await issueCertificate(authority, request), privateKey);
}

/** @param mark the embedded ledger's authorities have `single-operator` in their names */
export async function makeScene(mark?: string, now = NOW - DAY): Promise<Scene> {
  return Promise.all(
    PROVINCES.map(async (province) => {
      const authority = await createAuthority(province.mspId, province.slug, now, mark);
      return { province, authority, peer: await member(authority) };
    }),
  );
}

export function trustOf(scene: Scene, changes: object = {}): string {
  const provinces = scene.map(({ province, authority }) => ({
    code: province.code,
    mspId: province.mspId,
    roots: [authority.certificate],
  }));
  const trust = { format: 'yrd-trust/1', channel: 'delta', assurance: 'bft-4', receiptPolicy: { k: 3 }, provinces, ...changes };
  return `${JSON.stringify(trust, null, 2)}\n`;
}

/** What a peer does to an answer. */
export function signatureOf({ endorser, key }: Party, payload: Uint8Array, over?: Uint8Array): PeerSignature {
  return { endorser, signature: lowS(sign('sha256', over ?? Buffer.concat([payload, endorser]), key)) };
}

export function signedBy(parties: readonly Party[], payload: Uint8Array): PeerSignature[] {
  return parties.map((party) => signatureOf(party, payload));
}

export function peersOf(scene: Scene, count = 3): Party[] {
  return scene.slice(0, count).map(({ peer }) => peer);
}
