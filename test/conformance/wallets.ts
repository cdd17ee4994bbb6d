import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { freshAgencyId } from '../support/contract-world.js';
import type { Conformance } from './conformance.js';

/** The wallet that comes with a ledger. */
export function wallets(suite: () => Conformance): void {
  describe('the wallet', () => {
    it('keeps an agency its key, and gives another certificate for other roles', async () => {
      const agency = { agencyId: freshAgencyId('330000'), province: '330000' as const };
      const digest = await suite().world.wallet.keyDigest(agency.agencyId, agency.province);
      expect(await suite().world.wallet.holds(agency.agencyId, digest)).toBe(true);
      expect(await suite().world.wallet.holds(agency.agencyId, 'f'.repeat(64))).toBe(false);
      expect(await suite().world.wallet.holds(freshAgencyId('330000'), digest)).toBe(false);
      const [one, other] = [
        await suite().world.wallet.signer({ ...agency, roles: ['case-handler'] }),
        await suite().world.wallet.signer({ ...agency, roles: ['case-handler', 'data-user'] }),
      ];
      expect(one.certificate).not.toBe(other.certificate);
      for (const { certificate } of [one, other]) {
        const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
        expect(createHash('sha256').update(spki).digest('hex')).toBe(digest);
      }
    });
  });
}
