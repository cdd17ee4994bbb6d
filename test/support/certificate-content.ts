/** What certificate tests issue: contents, identifiers and batches with their proofs. */
import { LICENCE_ID_ROOT, licenceIdCheck } from '../../chaincode/identifiers/licence-id.js';
import { buildTree } from '../../chaincode/merkle/tree.js';
import { certificateLeafHash, judgeBatch } from '../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import type { Accepted, Actor, ContractWorld } from './contract-world.js';
import { hash, sha256 } from './digests.js';

export const original = (word: string) => ({ ...sha256(word), role: 'original' as const });

/** A GB/T 36904 identifier with a check character that holds. */
export function licenceId(issuer: string, serial: string, version = '001'): string {
  const type = '11100000MB0X123456789';
  return `${LICENCE_ID_ROOT}${type}.${issuer}.${serial}.${version}.${licenceIdCheck(type + issuer + serial + version)}`;
}

/** An id of the issuer's own making, and everything that must be there; `changes` replace or add fields. */
export function content<C extends object>(issuer: Actor, serial: string, changes?: C): CertificateContent & C {
  return {
    certificateId: `${issuer.agencyId}-${serial}`,
    typeCode: 'food-licence',
    subject: hash('subject'),
    digests: [original(`document ${issuer.agencyId} ${serial}`)],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2031-01-01T00:00:00Z',
    capture: { system: 'licensing', version: '3.2', method: 'generated', capturedAt: '2025-12-31T08:00:00Z' },
    ...(changes as C),
  };
}

/** Issues one certificate. @returns its id */
export async function issue(world: ContractWorld, issuer: Actor, serial: string, changes: object = {}): Promise<string> {
  const stated = content(issuer, serial, changes);
  await world.submit(issuer, 'certificate:IssueCertificate', stated);
  return stated.certificateId;
}

/** The proof of one leaf, built with nothing but the items and the answer of the batch. */
export function leafProof(issuer: Actor, items: readonly CertificateContent[], batch: Accepted, index: number) {
  const { leaves } = judgeBatch(issuer.agencyId, items);
  const leaf = leaves[index];
  if (!leaf) throw new Error(`no leaf ${index}`);
  const tree = buildTree(leaves.map(certificateLeafHash));
  return { batchId: String(batch.record.batchId), index, size: tree.size, path: tree.path(index), leaf };
}
