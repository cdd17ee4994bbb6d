import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { chaincodePackage } from '../../network/definition/chaincode-package.js';
import type { Member } from '../../network/definition/definition.js';
import { createAuthority } from '../../network/identity/authority.js';
import { invoke, registrarOf } from '../../network/operation/as-agency.js';
import { readConfig, updateChannel } from '../../network/operation/channel-update.js';
import { fromPeers, type Network, peerCommand, toOrderer } from '../../network/operation/commands.js';
import type { ChannelConfig, ConfigGroup } from '../../network/operation/configtxlator.js';
import { committedChaincode, lifecycle, ON_CHANNEL } from '../../network/operation/deploy-chaincode.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { locate } from '../../network/operation/programs.js';
import { attempt } from '../../network/operation/run-program.js';
import { networkMissing } from '../support/fabric-network.js';
import { type OwnNetwork, ownNetwork } from '../support/own-network.js';

const PATIENCE = 600_000;
const missing = networkMissing() ?? (locate('configtxlator') ? undefined : "Fabric's configtxlator is not here");

type Four = readonly [Member, Member, Member, Member];
type Change = (config: ChannelConfig) => void;

const groupOf = ({ channel_group }: ChannelConfig, name: 'Orderer' | 'Application') => channel_group.groups[name] as ConfigGroup;
const settingOf = (group: ConfigGroup, name: string) => group.values[name]?.value as Record<string, unknown>;
const policyOf = (group: ConfigGroup, name: string) => group.policies[name]?.policy.value as Record<string, unknown>;

/** Three signatures make it. */
const BY_THREE: Readonly<Record<string, Change>> = {
  BatchSize: (config) => {
    settingOf(groupOf(config, 'Orderer'), 'BatchSize').max_message_count = 400;
  },
  BatchTimeout: (config) => {
    settingOf(groupOf(config, 'Orderer'), 'BatchTimeout').timeout = '20ms';
  },
  ConsensusType: (config) => {
    const { metadata } = settingOf(groupOf(config, 'Orderer'), 'ConsensusType') as { metadata: Record<string, unknown> };
    metadata.request_pool_size = '1500';
  },
};

/** How many of the four peers a policy of the application asks for. */
const endorsements =
  (policy: 'Endorsement' | 'LifecycleEndorsement', count: number): Change =>
  (config) => {
    const { rule } = policyOf(groupOf(config, 'Application'), policy) as { rule: { n_out_of: { n: number } } };
    rule.n_out_of.n = count;
  };

/** Only four signatures make it. */
const BY_FOUR: Readonly<Record<string, Change>> = {
  'Application/Endorsement': endorsements('Endorsement', 4),
  'Application/LifecycleEndorsement': endorsements('LifecycleEndorsement', 2),
  'Application/Admins': (config) => {
    policyOf(groupOf(config, 'Application'), 'Admins').rule = 'ANY';
  },
  'Orderer/Admins': (config) => {
    policyOf(groupOf(config, 'Orderer'), 'Admins').rule = 'ANY';
  },
  'Orderer/BlockValidation': (config) => {
    const { rule } = policyOf(groupOf(config, 'Orderer'), 'BlockValidation') as { rule: { n_out_of: { n: number } } };
    rule.n_out_of.n = 1;
  },
  'Orderer/Orderers': (config) => {
    const { consenter_mapping } = settingOf(groupOf(config, 'Orderer'), 'Orderers') as { consenter_mapping: { host: string }[] };
    for (const consenter of consenter_mapping.slice(3)) consenter.host = 'elsewhere.example';
  },
  'Application/Capabilities': (config) => {
    settingOf(groupOf(config, 'Application'), 'Capabilities').capabilities = { V2_0: {} };
  },
  'Application without AnhuiMSP': (config) => {
    delete groupOf(config, 'Application').groups.AnhuiMSP;
  },
};

/** More roots for a member, in both places where its MSP stands. */
const ownAuthorities =
  (mspId: string, roots: readonly string[]): Change =>
  (config) => {
    for (const name of ['Application', 'Orderer'] as const) {
      const msp = settingOf(groupOf(config, name).groups[mspId] as ConfigGroup, 'MSP') as { config: { root_certs: string[] } };
      msp.config.root_certs.push(...roots.map((pem) => Buffer.from(pem).toString('base64')));
    }
  };

describe('who may change what, tried on the channel of a network', { timeout: PATIENCE }, () => {
  let own: OwnNetwork;
  let network: Network;
  let four: Four;
  beforeAll(async () => {
    if (missing) return;
    own = await ownNetwork();
    network = openNetwork(own.root);
    four = network.definition.members as unknown as Four;
  }, PATIENCE);
  afterAll(() => own?.remove(), PATIENCE);

  const sequence = async () => Number((await readConfig(network, four[0])).sequence);

  /** What the orderer said; empty when it took the change. */
  async function said(signers: readonly Member[], change: Change): Promise<string> {
    const before = await sequence();
    const refusal = await updateChannel(network, signers as [Member, ...Member[]], change).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(await sequence()).toBe(refusal === '' ? before + 1 : before);
    return refusal;
  }

  it.for(Object.entries(BY_THREE))('%s: two signatures are refused, three are enough', async ([name, change], test) => {
    if (missing) return test.skip(missing);
    const refusal = await said(four.slice(0, 2), change);
    expect(refusal).toMatch(new RegExp(`policy for \\[Value\\]  ?/Channel/Orderer/${name} not satisfied`));
    expect(refusal).toContain("2 sub-policies were satisfied, but this policy requires 3 of the 'Admins' sub-policies");
    expect(await said(four.slice(1), change)).toBe('');
  });

  it.for(Object.entries(BY_FOUR))('%s: three signatures are refused', async ([, change], test) => {
    if (missing) return test.skip(missing);
    for (const three of [four.slice(0, 3), four.slice(1)]) {
      const refusal = await said(three, change);
      expect(refusal).toContain("3 sub-policies were satisfied, but this policy requires 4 of the 'Admins' sub-policies");
    }
  });

  it('a record takes three endorsements; four administrators may ask for four, and for three again', async (test) => {
    if (missing) return test.skip(missing);
    const written = async (endorsers: readonly Member[]) => {
      const code = `policy-${randomBytes(6).toString('hex')}`;
      const digest = { alg: 'sha-256', value: '0'.repeat(64) };
      const input = { code, title: { zh: '规定' }, issuer: '测试', effectiveFrom: '2026-01-01T00:00:00Z', digest };
      const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
      const { code: exit, complaint } = await invoke(
        network,
        registrarOf(four[0]),
        ['registry:RegisterInstrument', argument],
        endorsers,
      );
      return exit === 0 ? 'VALID' : (/status \(?(\w+)\)?/.exec(complaint)?.[1] ?? complaint);
    };
    expect([await written(four.slice(0, 2)), await written(four.slice(0, 3))]).toEqual(['ENDORSEMENT_POLICY_FAILURE', 'VALID']);
    expect(await said(four, endorsements('Endorsement', 4))).toBe('');
    expect([await written(four.slice(0, 3)), await written(four)]).toEqual(['ENDORSEMENT_POLICY_FAILURE', 'VALID']);
    expect(await said(four, endorsements('Endorsement', 3))).toBe('');
    expect(await written(four.slice(1))).toBe('VALID');
  });

  it('a chaincode definition takes the approval and the endorsement of three provinces', async (test) => {
    if (missing) return test.skip(missing);
    const definition = ['--version', 'policy', '--sequence', '2'];
    const { id } = chaincodePackage();
    const approve = (member: Member) => {
      const flags = [...definition, '--package-id', id, ...toOrderer(network.root, member)];
      return attempt(peerCommand(network, member, lifecycle('approveformyorg', ...ON_CHANNEL, ...flags)));
    };
    const commit = async (endorsers: readonly Member[]) => {
      const flags = [...definition, ...toOrderer(network.root, four[0]), ...fromPeers(network.root, endorsers)];
      const { complaint } = await attempt(peerCommand(network, four[0], lifecycle('commit', ...ON_CHANNEL, ...flags)));
      return complaint;
    };
    expect([(await approve(four[0])).code, (await approve(four[1])).code]).toEqual([0, 0]);
    expect(await commit(four.slice(0, 3))).toContain('chaincode definition not agreed to by this org (ZhejiangMSP)');
    expect(await commit(four.slice(0, 2))).toContain('ENDORSEMENT_POLICY_FAILURE');
    expect((await committedChaincode(network, four[0]))?.sequence).toBe(1);
    expect((await approve(four[2])).code).toBe(0);
    expect(await commit(four.slice(0, 2))).toContain('ENDORSEMENT_POLICY_FAILURE');
    expect(await commit(four.slice(0, 3))).toBe('');
    expect(await committedChaincode(network, four[0])).toMatchObject({ version: 'policy', sequence: 2 });
  });

  it('a province’s authorities are its own affair: the three others cannot, it alone can, and only in both places', async (test) => {
    if (missing) return test.skip(missing);
    const [, , , anhui] = four;
    const { certificate } = await createAuthority('AnhuiMSP', 'anhui', Date.now());
    const change = ownAuthorities('AnhuiMSP', [certificate]);
    expect(await said(four.slice(0, 3), change)).toMatch(/policy for \[Value\] .*AnhuiMSP\/MSP not satisfied/);
    const oneOfTwo: Change = (config) => {
      const before = JSON.stringify(groupOf(config, 'Orderer'));
      change(config);
      config.channel_group.groups.Orderer = JSON.parse(before) as ConfigGroup;
    };
    expect(await said([anhui], oneOfTwo)).toContain('AnhuiMSP');
    expect(await said([anhui], change)).toBe('');
  });

  it('a fifth member joins when four sign', async (test) => {
    if (missing) return test.skip(missing);
    const { certificate } = await createAuthority('AnhuiMSP', 'fifth', Date.now());
    const roots = [Buffer.from(certificate).toString('base64')];
    const join: Change = (config) => {
      const { groups } = groupOf(config, 'Application');
      const fifth = JSON.parse(JSON.stringify(groups.AnhuiMSP).replaceAll('AnhuiMSP', 'FifthMSP')) as ConfigGroup;
      const { config: msp } = settingOf(fifth, 'MSP') as { config: Record<string, unknown> };
      Object.assign(msp, { root_certs: roots, tls_root_certs: roots, revocation_list: [] });
      for (const unit of Object.values(msp.fabric_node_ous as Record<string, { certificate?: string }>))
        if (typeof unit === 'object') delete unit.certificate;
      groups.FifthMSP = fifth;
    };
    expect(await said(four.slice(0, 3), join)).toContain('3 sub-policies were satisfied, but this policy requires 4');
    expect(await said(four, join)).toBe('');
  });
});
