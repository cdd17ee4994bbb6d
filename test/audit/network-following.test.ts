import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import type { Alarm } from '../../network/audit/monitor.js';
import type { Block } from '../../network/format/block.js';
import type { NetworkNode } from '../../network/identity/province.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { WAIT } from '../support/followed.js';
import { followedNetwork } from '../support/followed-network.js';
import { auditedChain } from '../support/network-world.js';

const DAY = 86_400_000;
const MSPS = PROVINCES.map(({ mspId }) => mspId);

describe('an audit that keeps going on a network', () => {
  let source: FabricChain;
  let chain: FabricChain;
  /** what each province's peer shows; what is undefined is away */
  let shown: (index: number) => readonly Block[] | undefined;
  beforeAll(async () => {
    ({ chain: source } = await auditedChain());
  }, 60_000);
  beforeEach(() => {
    chain = source.copy();
    shown = () => chain.blocks;
  });

  /** Whose certificates were told of, as often as they were. */
  const expiring = (alarms: readonly Alarm[]) =>
    alarms.flatMap(({ problem }) => /^the certificate of (.*) has \d+ days left/.exec(problem)?.[1] ?? []).sort();

  const follow = (more: Parameters<typeof followedNetwork>[2] = {}) => followedNetwork(chain, (index) => shown(index), more);

  it('sees each new block, and ends when it is told', async () => {
    const { alarms, stop, done, reaches } = follow();
    await reaches(source.blocks.length);
    await chain.add([await chain.register()]);
    await reaches(source.blocks.length + 1);
    stop.abort();
    expect(await done).toMatchObject({ height: source.blocks.length + 1 });
    expect(alarms).toEqual([]);
  });

  it('alarms once when a province runs other contracts than the others, and names it', async () => {
    const { alarms, stop, done, raised } = follow({ code: (index) => (index === 2 ? 'cd' : 'ab').repeat(32) });
    await raised('other-chaincode');
    await chain.add([await chain.register()]);
    await expect.poll(() => alarms.length, WAIT).toBe(1);
    stop.abort();
    await done;
    expect(alarms).toEqual([
      expect.objectContaining({ problem: expect.stringMatching(/ZhejiangMSP runs contracts (cd){32}, the others (ab){32}/) }),
    ]);
  });

  it('ends with an alarm when a province shows another history, and names who shows what', async () => {
    const { alarms, done, reaches } = follow();
    await reaches(source.blocks.length);
    const other = source.copy();
    await other.add([await other.register()]);
    await chain.add([await chain.register()]);
    const own = chain.blocks;
    shown = (index) => (index === 1 ? other.blocks : own);
    await expect(done).rejects.toMatchObject({ difference: { check: 'split-view', block: source.blocks.length } });
    expect(alarms).toMatchObject([{ alarm: 'split-view', problem: expect.stringMatching(/; JiangsuMSP: [0-9a-f]{64}/) }]);
  });

  it('tells once of a province that stays behind, and of one that is away', async () => {
    const before = [...chain.blocks];
    shown = (index) => (index === 2 ? before : chain.blocks);
    const { alarms, stop, done, reaches, raised } = follow();
    await reaches(before.length);
    await chain.add([await chain.register()]);
    await raised('gap');
    shown = (index) => (index === 3 ? undefined : chain.blocks);
    await expect.poll(() => alarms.length, WAIT).toBe(2);
    stop.abort();
    await done;
    expect(alarms.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('the peer of ZhejiangMSP has blocks up to'),
      expect.stringContaining('the peer of AnhuiMSP cannot be asked'),
    ]);
  });

  it('goes on while no province answers, and tells that no block comes and what runs out', async () => {
    let now = Date.now();
    const { alarms, stop, done, reaches, raised } = follow({ staleMs: 60_000, clock: () => now });
    await reaches(source.blocks.length);
    shown = () => undefined;
    now += 25 * DAY;
    await raised('stale');
    await expect.poll(() => alarms.filter(({ alarm }) => alarm === 'gap').length, WAIT).toBe(4);
    shown = () => chain.blocks;
    await chain.add([await chain.register()]);
    await reaches(source.blocks.length + 1);
    stop.abort();
    await done;
    expect(expiring(alarms)).toEqual(
      ['client client', 'orderer', 'peer peer']
        .flatMap((who) => MSPS.map((mspId) => `${mspId}'s ${who}`))
        .concat("ShanghaiMSP's admin admin")
        .sort(),
    );
  });

  it('tells nothing of a certificate that was renewed since, though the older one is used again', async () => {
    const [own, ...others] = chain.peers as [NetworkNode, ...NetworkNode[]];
    await chain.add([await chain.register({ peers: [await chain.node(0, 'peer', undefined, 60), ...others] })]);
    await chain.add([await chain.register({ peers: [own, ...others] })]);
    const later = Date.now() + 25 * DAY;
    const { alarms, stop, done, reaches, raised } = follow({ clock: () => later });
    await reaches(chain.blocks.length);
    await raised('certificate-expiring');
    stop.abort();
    await done;
    const told = expiring(alarms).filter((who) => who.endsWith('peer peer'));
    expect(told).toEqual(
      MSPS.filter((mspId) => mspId !== 'ShanghaiMSP')
        .map((mspId) => `${mspId}'s peer peer`)
        .sort(),
    );
  });
});
