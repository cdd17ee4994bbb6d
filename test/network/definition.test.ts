import { describe, expect, it } from 'vitest';
import { defineNetwork, ordererAddress, peerAddress } from '../../network/definition/definition.js';
import { toYaml } from '../../network/definition/yaml.js';

const HOSTS = ['10.0.0.1', '10.0.0.2', 'zj.example', 'ah.example'];

describe('the table of provinces', () => {
  it('gives each province seven ports of its own, twenty apart', () => {
    const { members } = defineNetwork({ basePort: 17_000 });
    expect(members.map(({ ports }) => Object.values(ports))).toEqual(
      [17_000, 17_020, 17_040, 17_060].map((first) => [0, 1, 2, 3, 4, 5, 6].map((step) => first + step)),
    );
    expect(members.map(({ consenter }) => consenter)).toEqual([1, 2, 3, 4]);
  });

  it('stays on the loopback unless hosts are named', () => {
    const { members } = defineNetwork({ basePort: 17_000 });
    expect(new Set(members.flatMap(({ host, listen }) => [host, listen]))).toEqual(new Set(['127.0.0.1']));
  });

  it('puts each province on its host, and binds to the address where one is given', () => {
    const { members } = defineNetwork({ basePort: 17_000, hosts: HOSTS });
    expect(members.map(ordererAddress)).toEqual(['10.0.0.1:17000', '10.0.0.2:17020', 'zj.example:17040', 'ah.example:17060']);
    expect(members.map(peerAddress)[2]).toBe('zj.example:17043');
    expect(members.map(({ listen }) => listen)).toEqual(['10.0.0.1', '10.0.0.2', '0.0.0.0', '0.0.0.0']);
  });

  it.each([
    [{ basePort: 80 }, 'the first port is to be a number from 1024 to 65000, not 80'],
    [{ basePort: 65_001 }, 'the first port is to be a number from 1024 to 65000, not 65001'],
    [
      { basePort: 17_000, hosts: HOSTS.slice(1) },
      'give four different hosts, one for each of shanghai, jiangsu, zhejiang, anhui, in this order',
    ],
    [
      { basePort: 17_000, hosts: ['a', 'b', 'c', 'a'] },
      'give four different hosts, one for each of shanghai, jiangsu, zhejiang, anhui, in this order',
    ],
    [{ basePort: 17_000, hosts: ['a', 'b', 'c', 'd e'] }, 'not a host name or IPv4 address: d e'],
  ])('refuses %o', (input, message) => {
    expect(() => defineNetwork(input)).toThrow(message);
  });
});

describe('settings as YAML', () => {
  it('writes blocks, quoted strings, lists of objects and empty values', () => {
    const text = toYaml({ a: { b: 'x: "y"', c: [1, { d: true, e: ['f'] }] }, g: [], h: {}, i: null }, 'test');
    expect(text).toBe(
      '# test\na:\n  b: "x: \\"y\\""\n  c:\n    - 1\n    - d: true\n      e:\n        - "f"\ng: []\nh: {}\ni: null\n',
    );
  });
});
