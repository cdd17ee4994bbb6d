import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { backgroundVerification } from '../../network/embedded/background-verification.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { freshAgencyId } from '../support/contract-world.js';
import { foundedFolder, readRecord, registrarSigner, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { NodeWorld } from '../support/node-world.js';

afterAll(removeTemporaryFolders);

describe('the check in the background, of a log that cannot be read', () => {
  it.each([
    ['is not there', (folder: string) => join(folder, 'blocks.log'), 'ENOENT'],
    ['gives an error at each read', (folder: string) => mkdtempSync(join(folder, 'blocks-')), 'EISDIR'],
  ])('because it %s, fails, says so once, and rejects nothing', async (_, make, code) => {
    const path = make(temporaryFolder());
    const said: string[] = [];
    const verification = backgroundVerification(
      path,
      () => 3,
      new AbortController().signal,
      (problem) => said.push(problem),
    );
    await verification.done;
    expect(said).toEqual([expect.stringContaining(`in ${path}: ${code}`)]);
    expect(verification.state()).toEqual({ status: 'failed', verified: 0, problem: said[0] });
  });
});

describe('a ledger whose files fail while it closes', () => {
  it('tells the error and frees its folder all the same', async () => {
    const folder = await foundedFolder();
    const { node } = await NodeWorld.open({ folder });
    node.files.watermark.close();
    await expect(node.close()).rejects.toMatchObject({ code: 'EBADF' });
    await (await openEmbedded({ folder })).ledger.close();
  });
});

describe('a damaged value of the state that no contract has read', () => {
  it('but a commit meets, stops the ledger and is made anew at the next start', async () => {
    const before = await NodeWorld.open();
    const { folder } = before;
    const agencyId = freshAgencyId('310000');
    const place = await before.node.committer.broadcast(
      await before.envelope(await before.execute(await before.registration(agencyId))),
    );
    const pending = await before.envelope(await before.execute(readRecord(await before.registrar(), `agency~${agencyId}`)));
    await before.node.close();
    const database = new DatabaseSync(pathsOf(folder).state);
    database.prepare('UPDATE state SET value = ? WHERE key = ?').run(Buffer.from('{}'), `agency~${agencyId}`);
    database.close();

    const { node } = await NodeWorld.open({ folder });
    await expect(node.committer.broadcast(pending)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    expect(node.readiness.reason).toContain(`the state of agency~${agencyId} is damaged: start again`);
    expect(node.committer.head.height).toBe(place.block + 1);
    await node.close();

    const said: string[] = [];
    const again = await openEmbedded({ folder, log: (line) => said.push(line) });
    expect(said).toEqual(['the state is made from the block log']);
    const record = await again.ledger.evaluate(readRecord(await registrarSigner(again), `agency~${agencyId}`));
    expect(JSON.parse(record)).toMatchObject({ agencyId });
    await again.ledger.close();
  });
});
