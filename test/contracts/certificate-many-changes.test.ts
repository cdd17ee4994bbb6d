import { describe, expect, it } from 'vitest';
import { CHANGES_LIMIT } from '../../chaincode/transactions/certificate/interrupt.js';
import { issue } from '../support/certificate-content.js';
import { ContractWorld } from '../support/contract-world.js';

const reason = { reasonCode: 'inspection-failed', legalBasis: '《食品安全法》第一百三十条' };

describe('a certificate that was suspended and reinstated very often', () => {
  it('is not suspended again, and can be revoked all the same', async () => {
    const world = await ContractWorld.create();
    const issuer = await world.agency('310000', ['certificate-issuer']);
    const certificateId = await issue(world, issuer, 'often');
    const input = { certificateId, ...reason };
    for (let changes = 0; changes < CHANGES_LIMIT; changes += 2) {
      await world.submit(issuer, 'certificate:SuspendCertificate', input);
      await world.submit(issuer, 'certificate:ReinstateCertificate', input);
    }
    const { code, facts } = await world.refusal(issuer, 'certificate:SuspendCertificate', input);
    expect([code, facts.state]).toEqual(['certificate.state', 'full']);
    const { record } = await world.submit(issuer, 'certificate:RevokeCertificate', input);
    expect([record.status, (record.changes as unknown[]).length]).toEqual(['revoked', CHANGES_LIMIT + 1]);
  });
});
