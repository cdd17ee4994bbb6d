import { describe, expect, it } from 'vitest';
import type { ConfigGroup, ConfigUpdate } from '../../network/operation/configtxlator.js';
import { isMadeFrom, wordsOf } from '../../network/operation/update-words.js';

const group = (parts: Partial<ConfigGroup> = {}): ConfigGroup => ({
  version: '0',
  mod_policy: 'AllProvinces',
  groups: {},
  values: {},
  policies: {},
  ...parts,
});
const value = (content: Record<string, unknown>, version = '0', mod_policy = 'AllProvinces') => ({
  version,
  mod_policy,
  value: content,
});
const policy = (n: number, version = '0') => ({ version, mod_policy: 'AllProvinces', policy: { value: { rule: { n } } } });
/** As an update names what it does not change. */
const named = { version: '0', mod_policy: '', value: {} };

const channel = group({
  groups: {
    Orderer: group({
      values: { BatchSize: value({ max: 500, bytes: [1, 2] }), BatchTimeout: value({ timeout: '10ms' }, '3') },
      policies: { Admins: policy(3) },
    }),
    Application: group({ groups: { AnhuiMSP: group(), ShanghaiMSP: group() } }),
  },
});

const update = (read_set: ConfigGroup, write_set: ConfigGroup): ConfigUpdate => ({ channel_id: 'delta', read_set, write_set });
const inOrderer = (parts: Partial<ConfigGroup>) => group({ groups: { Orderer: group(parts) } });

describe('what an update of the channel changes, in words', () => {
  it.for<[string, Partial<ConfigGroup>, readonly string[]]>([
    [
      'a value, in all its parts',
      { values: { BatchSize: value({ max: 400, bytes: [1] }, '1') } },
      ['Channel/Orderer, BatchSize: value.max: 500 → 400', 'Channel/Orderer, BatchSize: value.bytes.1: 2 → nothing'],
    ],
    [
      'who may change a value',
      { values: { BatchSize: value({ max: 500, bytes: [1, 2] }, '1', 'Admins') } },
      ['Channel/Orderer, BatchSize: mod_policy: "AllProvinces" → "Admins"'],
    ],
    ['a policy', { policies: { Admins: policy(1, '1') } }, ['Channel/Orderer, Admins: policy.value.rule.n: 3 → 1']],
    [
      'a value that was not there',
      {
        version: '1',
        values: { BatchSize: named, BatchTimeout: { ...named, version: '3' }, Own: value({ a: 'b\u001b[2J' }) },
        policies: { Admins: policy(3) },
      },
      ['Channel/Orderer, Own: mod_policy: nothing → "AllProvinces"', 'Channel/Orderer, Own: value.a: nothing → "b\\u001b[2J"'],
    ],
    [
      'what a group loses, and by whom it is changed',
      { version: '1', mod_policy: 'Admins', values: { BatchSize: named }, policies: {} },
      [
        'Channel/Orderer loses BatchTimeout',
        'Channel/Orderer loses Admins',
        'Channel/Orderer is changed by Admins, not AllProvinces',
      ],
    ],
    ['nothing that is only named', { values: { BatchSize: named } }, []],
  ])('are %s', ([, write, words]) => {
    const read = inOrderer({
      values: { BatchSize: named, BatchTimeout: { ...named, version: '3' } },
      policies: { Admins: policy(0) },
    });
    expect(wordsOf(channel, update(read, inOrderer(write)))).toEqual(words);
  });

  it('are a member that comes and one that goes', () => {
    const application = (version: string, names: readonly string[]) =>
      group({ groups: { Application: group({ version, groups: Object.fromEntries(names.map((name) => [name, group()])) }) } });
    const read = application('0', ['AnhuiMSP', 'ShanghaiMSP']);
    expect(wordsOf(channel, update(read, application('1', ['ShanghaiMSP', 'FifthMSP'])))).toEqual([
      'Channel/Application loses AnhuiMSP',
      'Channel/Application gets FifthMSP',
      'Channel/Application/FifthMSP is changed by AllProvinces, not nobody',
    ]);
  });
});

describe('an update', () => {
  const write = inOrderer({ values: { BatchTimeout: value({ timeout: '1s' }, '4') } });
  const read = (version: string) => inOrderer({ values: { BatchTimeout: { ...named, version } } });

  it('is known for one that was made from the channel’s configuration by the versions that it read', () => {
    expect(isMadeFrom(channel, update(read('3'), write))).toBe(true);
  });

  it.for(['2', '4'])('is of another configuration when it read version %s of a value', (version) => {
    expect(isMadeFrom(channel, update(read(version), write))).toBe(false);
  });

  it.for(['3', '5'])('is of another configuration when it writes version %s of a value that has version 3', (version) => {
    const other = inOrderer({ values: { BatchTimeout: value({ timeout: '1s' }, version) } });
    expect(isMadeFrom(channel, update(inOrderer({}), other))).toBe(false);
  });

  it('may write a value without having read it', () => {
    expect(isMadeFrom(channel, update(inOrderer({}), write))).toBe(true);
  });

  it('is of another configuration when it read a group that there is not', () => {
    expect(isMadeFrom(channel, update(group({ groups: { Other: group() } }), write))).toBe(false);
  });
});
