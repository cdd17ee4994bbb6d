import { beforeAll, describe, expect, it } from 'vitest';
import { activeGrant, createGrantWorld, dataSet, type GrantWorld, tryUse } from '../support/grant-world.js';
import { publishEntry } from '../support/published-entry.js';

let grants: GrantWorld;

beforeAll(async () => {
  grants = await createGrantWorld();
});

describe('using data that are no longer shared', () => {
  const code = 'income-tax';
  let version: number;
  let grantId: string;
  const publish = (changes: object) => {
    const { world, editors, provider: jiangsu, otherProvider: anhui } = grants;
    return publishEntry(world, editors, 'data-sets', dataSet(code, { jiangsu, anhui }, changes));
  };
  const decision = async () => {
    const { record } = await tryUse(grants, grantId);
    return record.reason ?? record.decision;
  };
  const entry = (fn: string, number: number) =>
    grants.world.submit(grants.provider, `catalogue:${fn}`, { kind: 'data-sets', code, version: number });

  beforeAll(async () => {
    version = await publish({});
    grantId = await activeGrant(grants, { dataSet: code, version });
  });

  it('is denied as grant.suspended while the data set is, and permitted again after', async () => {
    await entry('SuspendEntry', version);
    expect(await decision()).toBe('grant.suspended');
    await entry('ResumeEntry', version);
    expect(await decision()).toBe('permitted');
  });

  it('is permitted under a version that a newer one has taken the place of, until that one is suspended', async () => {
    const newer = await publish({ grade: 4 });
    expect(await decision()).toBe('permitted');
    await entry('SuspendEntry', newer);
    expect(await decision()).toBe('grant.suspended');
    await entry('ResumeEntry', newer);
  });

  it('is denied as grant.suspended once a newer version withholds the data', async () => {
    await publish({ shareClass: 'withheld' });
    expect(await decision()).toBe('grant.suspended');
  });

  it('is denied as grant.suspended once the four have withdrawn the data set', async () => {
    const latest = await publish({});
    expect(await decision()).toBe('permitted');
    for (const editor of grants.editors.values())
      await grants.world.submit(editor, 'catalogue:WithdrawEntry', { kind: 'data-sets', code, version: latest });
    expect(await decision()).toBe('grant.suspended');
  });
});
