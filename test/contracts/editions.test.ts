import { beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import type { EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import { CatalogueWorld } from '../support/catalogue-world.js';
import { EMPTY_ROOT, rootOf } from '../support/edition-writes.js';

describe('editions', () => {
  let world: CatalogueWorld;
  const edition = (number: number) => {
    const found = world.contracts.read<EditionRecord>(`edition~${String(number).padStart(8, '0')}`);
    if (!found) throw new Error(`no edition ${number}`);
    return found;
  };
  const listed = (number: number) => edition(number).entries.map(({ kind, code, version }) => `${kind}/${code}/${version}`);

  beforeAll(async () => {
    world = await CatalogueWorld.create();
    await world.publish('service-items', 'move');
    await world.publish('data-sets', 'aid');
    await world.publish('service-standards', 'windows');
    await world.publish('service-items', 'move', { timeLimit: { workingDays: 3 } });
    await world.draft('data-sets', 'aid');
    const item = { kind: 'service-items', code: 'move', version: 2 };
    await world.contracts.submit(world.department('320000'), 'catalogue:SuspendEntry', item);
    await world.contracts.submit(world.department('320000'), 'catalogue:ResumeEntry', item);
    const standard = { kind: 'service-standards', code: 'windows', version: 1 };
    await world.contracts.submit(world.editor('310000'), 'catalogue:SuspendEntry', standard);
    for (const province of PROVINCE_CODES)
      await world.contracts.submit(world.editor(province), 'catalogue:WithdrawEntry', standard);
  });

  it('are made by each publication, suspension, resumption and withdrawal, and by nothing else', () => {
    const changes = Array.from({ length: 8 }, (_, index) => edition(index + 1).change);
    expect(changes.map(({ action, kind, code, version, replaces }) => [action, `${kind}/${code}/${version}`, replaces])).toEqual([
      ['publish', 'service-items/move/1', undefined],
      ['publish', 'data-sets/aid/1', undefined],
      ['publish', 'service-standards/windows/1', undefined],
      ['publish', 'service-items/move/2', 1],
      ['suspend', 'service-items/move/2', undefined],
      ['resume', 'service-items/move/2', undefined],
      ['suspend', 'service-standards/windows/1', undefined],
      ['withdraw', 'service-standards/windows/1', undefined],
    ]);
    expect(world.contracts.read('edition-head~all')).toEqual({ number: 8 });
  });

  it('hold the whole published list, sorted by key', () => {
    expect(listed(1)).toEqual(['service-items/move/1']);
    expect(listed(3)).toEqual(['data-sets/aid/1', 'service-items/move/1', 'service-standards/windows/1']);
    expect(listed(4)).toEqual(['data-sets/aid/1', 'service-items/move/2', 'service-standards/windows/1']);
    expect(listed(5)).toEqual(['data-sets/aid/1', 'service-standards/windows/1']);
    expect(listed(6)).toEqual(listed(4));
    expect(listed(7)).toEqual(['data-sets/aid/1', 'service-items/move/2']);
    expect(listed(8)).toEqual(listed(7));
  });

  it('carry each entry’s content digest', () => {
    for (const { kind, code, version, contentDigest } of edition(8).entries)
      expect(contentDigest).toBe(world.contentDigest({ kind, code, version }));
  });

  it('stand under the RFC 9162 root of their entries and name the root before', () => {
    for (let number = 1; number <= 8; number++) {
      const { entries, size, root, previousRoot } = edition(number);
      expect({ number, size, root }).toEqual({ number, size: entries.length, root: rootOf(entries) });
      expect(previousRoot).toBe(number === 1 ? EMPTY_ROOT : edition(number - 1).root);
    }
    expect(edition(6).root).toBe(edition(4).root);
  });

  it('are recorded in order of time', () => {
    for (let number = 2; number <= 8; number++)
      expect(Date.parse(edition(number).recordedAt)).toBeGreaterThanOrEqual(Date.parse(edition(number - 1).recordedAt));
  });
});
