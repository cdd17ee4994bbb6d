import { statSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { freshAgencyId } from '../support/contract-world.js';
import { foundedFolder, registrarSigner, registration, removeTemporaryFolders } from '../support/ledger-world.js';
import { createPlainDispatcher } from './programs/plain-dispatcher.js';

afterAll(removeTemporaryFolders);

it('the write-ahead log of the state does not grow with the number of transactions', async () => {
  const folder = await foundedFolder();
  const world = await openEmbedded({ folder, createDispatcher: createPlainDispatcher });
  const signer = await registrarSigner(world);
  const log = `${pathsOf(folder).state}-wal`;
  const sizes: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    await Promise.all(Array.from({ length: 600 }, () => world.ledger.submit(registration(signer, freshAgencyId('310000')))));
    sizes.push(statSync(log).size);
  }
  const database = statSync(pathsOf(folder).state).size;
  expect(database).toBeGreaterThan(1_000_000);
  expect(sizes.at(-1)).toBeLessThan(4 * (sizes[1] as number));
  await world.ledger.close();
  const again = await openEmbedded({ folder, createDispatcher: createPlainDispatcher });
  expect((await again.ledger.info()).height).toBe((await world.ledger.info()).height);
  await again.ledger.close();
});
