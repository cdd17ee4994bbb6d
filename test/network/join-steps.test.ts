import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineNetwork, type Member } from '../../network/definition/definition.js';
import { joinSteps } from '../../network/definition/join-steps.js';

const definition = defineNetwork({ basePort: 17_000, hosts: ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4'] });
const steps = joinSteps(definition, definition.members[3] as Member);
const SETTINGS = readFileSync('README.md', 'utf8').split('## Configuration')[1]?.split('\n## ')[0] ?? '';

describe('the steps to join', () => {
  it('name every program of Fabric’s that a command needs', () => {
    for (const name of ['peer', 'orderer', 'osnadmin', 'configtxgen', 'configtxlator']) expect(steps).toContain(`\`${name}\``);
  });

  it('give the software to the user whose commands build there', () => {
    expect(steps).toContain('`chown -R delta /opt/delta`');
  });

  it('have the API’s settings, all of them known, and its signer’s', () => {
    const lines = [...steps.matchAll(/^Environment=([A-Z_]+)=(\S+)$/gm)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    for (const [name] of lines) expect(SETTINGS).toContain(`\`${name}\``);
    expect(Object.fromEntries(lines)).toMatchObject({
      PROVINCE: '340000',
      DATA_DIR: '/srv/delta-api',
      SIGNER_SOCKET: '/run/delta/signer.sock',
      FABRIC_PROFILE: '/srv/delta/profiles/anhui.json',
      TLS_CERT: '/srv/delta-api/tls/chain.pem',
      TLS_KEY: '/srv/delta-api/tls/key.pem',
    });
    expect(steps).toContain(
      '--socket /run/delta/signer.sock --wallet /srv/delta/wallet --authority 340000=/srv/delta/provinces/anhui/ca',
    );
  });

  it('say what the profile names when the API cannot read its authority', () => {
    expect(steps).toContain('`"authorities": {}`');
    expect(steps).toContain('InaccessiblePaths=/srv/delta/wallet /srv/delta/provinces/anhui/ca');
  });
});
