/** Runbooks: a province restored from its backup, and its registrar replaced. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provincePaths } from '../../definition/network-folder.js';
import { registrarOf } from '../as-agency.js';
import { ROLES } from '../nodes.js';
import { startNode, stopNode } from '../restart-nodes.js';
import { takesPart } from './replacement.js';
import type { Stage } from './stage.js';

export async function rehearseBackup(stage: Stage): Promise<void> {
  stage.begin('backup');
  const { network } = stage;
  const [shanghai, jiangsu, , anhui] = stage.members;
  const { root } = provincePaths(network.root, anhui.province.slug);
  const backup = mkdtempSync(join(tmpdir(), 'backup-'));
  const stop = () => Promise.all(ROLES.map((role) => stopNode(network, anhui, role)));
  const start = async () => {
    for (const role of ROLES) await startNode(network, anhui, role);
  };
  try {
    await stage.check('a province is copied while its processes are stopped', async () => {
      await stop();
      cpSync(root, backup, { recursive: true });
      await start();
    });
    const later = await stage.agency(shanghai, ['data-user']);
    await stage.check('its folder is lost and restored from the copy, which is behind', async () => {
      await stop();
      rmSync(root, { recursive: true });
      cpSync(backup, root, { recursive: true });
      await start();
    });
    await stage.check('…, it has what was written since', () =>
      stage.until(async () => !!(await stage.record(anhui, later.agencyId))),
    );
    await stage.check('…, endorses', async () => {
      await stage.agency(shanghai, ['data-user'], undefined, [shanghai, jiangsu, anhui]);
    });
    await stage.check('…, and agrees on the next blocks', () => takesPart(stage, anhui));
  } finally {
    rmSync(backup, { recursive: true, force: true });
  }
}

export async function rehearseRegistrar(stage: Stage): Promise<void> {
  stage.begin('registrar');
  const [, , zhejiang] = stage.members;
  const first = registrarOf(zhejiang);
  const second = await stage.agency(zhejiang, ['registrar']);
  await stage.check('a second registrar registers agencies', async () => {
    await stage.agency(zhejiang, ['data-user'], second);
  });
  await stage.check('…, and deactivates the first', async () => {
    return (await stage.write(second, 'registry:DeactivateAgency', { agencyId: first.agencyId, reason: 'key-lost' })) === '';
  });
  await stage.check('the first, or whoever has its key, registers nobody', async () => {
    return stage.agency(zhejiang, ['data-user'], first).then(
      () => false,
      (error: Error) => error.message.includes('auth.invalid'),
    );
  });
  await stage.check('the second cannot deactivate itself', async () => {
    const own = { agencyId: second.agencyId, reason: 'slip' };
    return (await stage.write(second, 'registry:DeactivateAgency', own)).includes('auth.agency');
  });
  await stage.write(second, 'registry:ReactivateAgency', { agencyId: first.agencyId, reason: 'rehearsal' });
}
