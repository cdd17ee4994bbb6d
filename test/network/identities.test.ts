import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineNetwork, type Member } from '../../network/definition/definition.js';
import { makeIdentities } from '../../network/definition/identities.js';

const { members } = defineNetwork({ basePort: 17_000, hosts: ['10.9.8.7', 'js.example', 'zj.example', 'ah.example'] });
const [shanghai, jiangsu] = members as readonly [Member, Member];

describe('a province’s identities', () => {
  let root: string;
  const file = (slug: string, path: string) => join(root, 'provinces', slug, path);
  const read = (slug: string, path: string) => readFileSync(file(slug, path), 'utf8');
  const certificate = (slug: string, path: string) => new X509Certificate(read(slug, path));
  const unit = (path: string) => /^OU=(.*)$/m.exec(certificate('shanghai', path).subject)?.[1];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'identities-'));
    for (const member of [shanghai, jiangsu]) await makeIdentities(root, member, Date.now());
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('come from two authorities, one for enrolment and one for TLS, and from no other province’s', () => {
    const [ca, tls] = ['ca', 'tls-ca'].map((name) => certificate('shanghai', `${name}/certificate.pem`)) as [
      X509Certificate,
      X509Certificate,
    ];
    const other = certificate('jiangsu', 'ca/certificate.pem');
    for (const node of ['peer', 'orderer', 'admin']) {
      const enrolment = certificate('shanghai', `${node}/msp/signcerts/certificate.pem`);
      expect([ca, tls, other].map((authority) => enrolment.verify(authority.publicKey))).toEqual([true, false, false]);
      const server = certificate('shanghai', `${node}/tls/certificate.pem`);
      expect([ca, tls, other].map((authority) => server.verify(authority.publicKey))).toEqual([false, true, false]);
    }
  });

  it('say in their unit what they may be', () => {
    const units = ['peer', 'orderer', 'admin'].map((node) => unit(`${node}/msp/signcerts/certificate.pem`));
    expect(units).toEqual(['peer', 'orderer', 'admin']);
  });

  it('carry host and node names for TLS, for server and client', () => {
    const peer = certificate('shanghai', 'peer/tls/certificate.pem');
    expect(peer.subjectAltName).toBe('DNS:peer.shanghai, IP Address:10.9.8.7, IP Address:127.0.0.1, DNS:localhost');
    expect(certificate('jiangsu', 'orderer/tls/certificate.pem').subjectAltName).toContain('DNS:js.example');
    expect(peer.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('switch node units on in every MSP, under the province’s own root', () => {
    for (const msp of ['msp', 'peer/msp', 'orderer/msp', 'admin/msp']) {
      const text = read('shanghai', `${msp}/config.yaml`);
      expect(text).toContain('Enable: true');
      expect(text.match(/OrganizationalUnitIdentifier: "(\w+)"/g)).toHaveLength(4);
      expect(read('shanghai', `${msp}/cacerts/root.pem`)).toBe(read('shanghai', 'ca/certificate.pem'));
      expect(read('shanghai', `${msp}/tlscacerts/root.pem`)).toBe(read('shanghai', 'tls-ca/certificate.pem'));
    }
  });

  it('keep their keys for their owner’s eyes', () => {
    const keys = [
      'ca/key.pem',
      'tls-ca/key.pem',
      'peer/msp/keystore/key.pem',
      'peer/tls/key.pem',
      'chaincode/tls/key.pem',
      'peer/chaincode-client/key.pem',
    ];
    expect(keys.map((key) => statSync(file('shanghai', key)).mode & 0o777)).toEqual(keys.map(() => 0o600));
  });
});
