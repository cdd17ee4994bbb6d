import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { auditFolder } from '../../network/audit/audit-folder.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { freshAgencyId } from '../support/contract-world.js';
import { foundedFolder, registrarSigner, registration, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const TRANSACTIONS = 2000;
const AT_ONCE = 100;

describe('an audit of a long chain', () => {
  it(`finds nothing in ${TRANSACTIONS} transactions, and comes to one state hash each time`, async () => {
    const folder = await foundedFolder();
    const opened = await openEmbedded({ folder });
    const signer = await registrarSigner(opened);
    for (let done = 0; done < TRANSACTIONS; done += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, () => opened.ledger.submit(registration(signer, freshAgencyId('310000')))),
      );
    const { height } = await opened.ledger.info();
    await opened.ledger.close();
    const found = await auditFolder({ folder });
    expect(found).toMatchObject({ height, executed: TRANSACTIONS + 4, transactions: TRANSACTIONS + 5, state: 'compared' });
    rmSync(pathsOf(folder).state);
    expect(await auditFolder({ folder })).toMatchObject({ stateHash: found.stateHash, state: 'none' });
  }, 300_000);
});
