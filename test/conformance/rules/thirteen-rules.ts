/** Each rule that always holds, by its number, with somebody who tries to break it over HTTP: one suite for both ledgers. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Business, createBusiness } from '../../support/api-business.js';
import { rulesOfRecords } from './of-records.js';
import { rulesOfWriting } from './of-writing.js';

const NETWORK_MS = 240_000;

export function thirteenRules(ledger: 'embedded' | 'fabric'): void {
  describe(`the rules on the ${ledger} ledger`, { timeout: NETWORK_MS }, () => {
    let business: Business;
    beforeAll(async () => {
      business = await createBusiness({ ledger });
    }, NETWORK_MS);
    afterAll(() => business.world.close());

    rulesOfRecords(() => business);
    rulesOfWriting(() => business);
  });
}
