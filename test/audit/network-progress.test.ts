import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Audited } from '../../network/audit/audit-chain.js';
import { auditNetwork, type NetworkAudit, type NetworkFindings } from '../../network/audit/fabric/audit-network.js';
import type { Block } from '../../network/format/block.js';
import { differenceOf } from '../support/audit-world.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { auditedChain } from '../support/network-world.js';
import { shownNetwork } from '../support/shown-network.js';

afterAll(removeTemporaryFolders);

describe('the progress that an audit of a network keeps', () => {
  let source: FabricChain;
  let middle: number;
  let chain: FabricChain;
  let progressFile: string;
  beforeAll(async () => {
    ({ chain: source, middle } = await auditedChain());
  }, 60_000);
  beforeEach(() => {
    chain = source.copy();
    progressFile = join(temporaryFolder(), 'progress');
  });
  const audit = (blocks: readonly Block[] = chain.blocks, more: Partial<NetworkAudit> = {}): Promise<NetworkFindings> =>
    auditNetwork({
      name: 'profile.json',
      reader: shownNetwork(chain.roots, () => blocks),
      dispatcher: chain.dispatcher,
      progressFile,
      ...more,
    });

  it('lets the next audit execute only what is new, and check all else', async () => {
    const first = await audit();
    const height = source.blocks.length;
    expect(first).toMatchObject({ height, resumedFrom: 0 });
    expect(first.executed).toBeGreaterThan(1);
    expect(JSON.parse(readFileSync(progressFile, 'utf8'))).toMatchObject({ height, blockHash: first.blockHash });
    await chain.add([await chain.register()]);
    const next = await audit();
    expect(next).toMatchObject({ height: height + 1, resumedFrom: height, executed: 1, notCompared: [] });
    expect(next.transactions).toBe(first.transactions + 1);
    expect(await audit()).toMatchObject({ resumedFrom: height + 1, executed: 0 });
    const turned = chain.blocks.map((one, index) => (index === middle ? { ...one, filter: Uint8Array.of(11) } : one));
    expect(await differenceOf(audit(turned))).toMatchObject({ check: 'validation-code', block: middle, expected: 'VALID' });
  });

  it('lets it go on from the block at which the audit before was broken off', async () => {
    const afterBlock = (_block: Block, { height }: Audited) => {
      if (height > middle) throw new Error('broken off');
    };
    const broken = audit(chain.blocks, { progressEveryMs: 0, companions: [{ afterBlock }] });
    await expect(broken).rejects.toThrow('broken off');
    // The registration in the middle, two that raced, and one more.
    expect(await audit()).toMatchObject({ resumedFrom: middle, executed: 4 });
  });

  it('is no word for other blocks, nor for fewer', async () => {
    const { blockHash } = await audit();
    const height = source.blocks.length;
    const other = source.copy();
    other.blocks = other.blocks.slice(0, -1);
    await other.add([await other.register()]);
    expect(await differenceOf(audit(other.blocks))).toMatchObject({
      check: 'checkpoint',
      block: height - 1,
      expected: blockHash,
    });
    expect(await differenceOf(audit(source.blocks.slice(0, -1)))).toMatchObject({
      check: 'checkpoint',
      expected: `${height} blocks`,
      found: `${height - 1} blocks`,
    });
    expect(JSON.parse(readFileSync(progressFile, 'utf8'))).toMatchObject({ height, blockHash });
  });
});
