import { createHash } from 'node:crypto';
import { creditCodeCheck } from '../../chaincode/identifiers/credit-code.js';

/** A valid credit code over 17 characters. */
export function benchAgencyId(body: string): string {
  return body + creditCodeCheck(body);
}

/** The agency that issues and handles in every benchmark. */
export const ISSUER = benchAgencyId('11310000000BENCH1');

export function digestOf(serial: string): string {
  return createHash('sha256').update(serial).digest('hex');
}

/** The certificate that benchmarks issue: one digest, one handle, a fresh serial. */
export function certificateBody(agencyId: string, serial: string) {
  return {
    certificateId: `${agencyId}-${serial}`,
    typeCode: 'food-licence',
    subject: createHash('sha256').update(`subject ${serial}`).digest('hex'),
    digests: [{ alg: 'sha-256', value: digestOf(serial), role: 'original' }],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2031-01-01T00:00:00Z',
    capture: { system: 'bench', version: '1', method: 'generated', capturedAt: '2026-01-01T00:00:00Z' },
  };
}
