import { describe, expect, it } from 'vitest';
import type { Member } from '../../network/definition/definition.js';
import { NetworkFault } from '../../network/operation/fault.js';
import { NotSeen, startingWith, untilTaken } from '../../network/operation/until-taken.js';

const members = ['shanghai', 'jiangsu', 'zhejiang', 'anhui'].map((slug) => ({ province: { slug } }) as Member);
const [shanghai, , zhejiang] = members as [Member, Member, Member, Member];
const unseen = new NetworkFault('peer lifecycle failed (1): Error: timed out waiting for txid on all peers');

const cancelled = new NetworkFault(
  'peer lifecycle failed (1): Error: error receiving from deliver filtered at 127.0.0.1:21343: rpc error: code = DeadlineExceeded',
);

/** Sends that fail as listed, then succeed. */
function sending(...faults: Error[]) {
  const by: string[] = [];
  const send = async ({ province }: Member) => {
    const fault = faults[by.length];
    by.push(province.slug);
    if (fault) throw fault;
  };
  return { by, send };
}
const never = async () => false;

describe('a transaction of peer', () => {
  it('is sent once where it is seen', async () => {
    const { by, send } = sending();
    await untilTaken(members, send, never);
    expect(by).toEqual(['shanghai']);
  });

  it('goes by the next orderer when nothing is seen of it', async () => {
    const { by, send } = sending(unseen, cancelled, new NotSeen('the peers do not have it'));
    await untilTaken(startingWith(zhejiang, members), send, never);
    expect(by).toEqual(['zhejiang', 'shanghai', 'jiangsu', 'anhui']);
  });

  it('is not sent again when its effect is there', async () => {
    const { by, send } = sending(unseen);
    await untilTaken(members, send, async () => true);
    expect(by).toEqual(['shanghai']);
  });

  it('is not sent again when it was refused, and no more often than there are orderers', async () => {
    const refused = new NetworkFault('peer lifecycle failed (1): Error: not a member');
    const first = sending(refused);
    await expect(untilTaken(members, first.send, never)).rejects.toBe(refused);
    expect(first.by).toEqual(['shanghai']);
    const all = sending(unseen, unseen, unseen, unseen);
    await expect(untilTaken(members, all.send, never)).rejects.toBe(unseen);
    expect(all.by).toHaveLength(members.length);
  });

  it('hides no fault of our own', async () => {
    const fault = new TypeError('not a fault of the network');
    await expect(untilTaken([shanghai], sending(fault).send, async () => true)).rejects.toBe(fault);
  });
});
