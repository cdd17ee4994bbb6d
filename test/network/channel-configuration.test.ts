import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { channelConfiguration, endorsementRule } from '../../network/definition/channel-configuration.js';
import { defineNetwork } from '../../network/definition/definition.js';
import { CONSENSUS } from '../../network/definition/limits.js';
import { withModificationPolicies } from '../../network/definition/modification-policies.js';

interface Policy {
  readonly Type: string;
  readonly Rule: string;
}

interface Organisation {
  readonly ID: string;
  readonly OrdererEndpoints: readonly string[];
  readonly AnchorPeers: readonly object[];
  readonly Policies: Readonly<Record<string, Policy>>;
}

interface Part {
  readonly Organizations: readonly Organisation[];
  readonly Policies: Readonly<Record<string, Policy>>;
  readonly Capabilities: Readonly<Record<string, boolean>>;
}

interface Orderer extends Part {
  readonly OrdererType: string;
  readonly BatchTimeout: string;
  readonly SmartBFT: Readonly<Record<string, unknown>>;
  readonly ConsenterMapping: readonly Readonly<Record<string, unknown>>[];
}

const definition = defineNetwork({ basePort: 17_000 });
const { Profiles } = channelConfiguration(definition, '/net', '/net/channel') as unknown as {
  Profiles: { Delta: { Policies: Part['Policies']; Capabilities: Part['Capabilities']; Orderer: Orderer; Application: Part } };
};
const { Delta } = Profiles;
const seconds = (text: string) => Number.parseFloat(text);

describe('the channel', () => {
  it('has the capabilities that SmartBFT needs', () => {
    expect([Delta.Capabilities, Delta.Orderer.Capabilities, Delta.Application.Capabilities]).toEqual([
      { V3_0: true },
      { V2_0: true },
      { V2_5: true },
    ]);
    expect(Delta.Orderer.OrdererType).toBe('BFT');
  });

  it('lists four orderer endpoints, one by each member: a client counts its quorum over them', () => {
    const endpoints = Delta.Orderer.Organizations.flatMap(({ OrdererEndpoints }) => OrdererEndpoints);
    expect(endpoints).toEqual(['127.0.0.1:17000', '127.0.0.1:17020', '127.0.0.1:17040', '127.0.0.1:17060']);
  });

  it('maps four consenters to four provinces, pinned by their certificates', () => {
    expect(Delta.Orderer.ConsenterMapping.map(({ ID, MSPID, Port }) => [ID, MSPID, Port])).toEqual([
      [1, 'ShanghaiMSP', 17_000],
      [2, 'JiangsuMSP', 17_020],
      [3, 'ZhejiangMSP', 17_040],
      [4, 'AnhuiMSP', 17_060],
    ]);
    expect(Delta.Orderer.ConsenterMapping[3]).toMatchObject({
      Identity: '../provinces/anhui/orderer/msp/signcerts/certificate.pem',
      ClientTLSCert: '../provinces/anhui/orderer/tls/certificate.pem',
      ServerTLSCert: '../provinces/anhui/orderer/tls/certificate.pem',
    });
  });

  it('asks three of four peers to endorse, for records and for the chaincode’s life cycle, and no other unit', () => {
    const rule = "OutOf(3, 'ShanghaiMSP.peer', 'JiangsuMSP.peer', 'ZhejiangMSP.peer', 'AnhuiMSP.peer')";
    expect(endorsementRule(definition)).toBe(rule);
    const { Endorsement, LifecycleEndorsement } = Delta.Application.Policies;
    expect([Endorsement, LifecycleEndorsement]).toEqual([
      { Type: 'Signature', Rule: rule },
      { Type: 'Signature', Rule: rule },
    ]);
    for (const { ID, Policies } of Delta.Application.Organizations) expect(Policies.Endorsement?.Rule).toBe(`OR('${ID}.peer')`);
  });

  it('lets no rule speak of members in general', () => {
    expect(JSON.stringify(Delta)).not.toContain('.member');
  });

  it('takes orderers’ signatures in the ordering group and nowhere else', () => {
    const writers = (part: Part) => part.Organizations.map(({ Policies }) => Policies.Writers?.Rule);
    expect(writers(Delta.Orderer)[0]).toBe("OR('ShanghaiMSP.orderer')");
    expect(writers(Delta.Application)[0]).toBe("OR('ShanghaiMSP.admin', 'ShanghaiMSP.client')");
  });

  it('knows three administrators and four', () => {
    for (const part of [Delta.Orderer, Delta.Application])
      expect([part.Policies.Admins?.Rule, part.Policies.AllProvinces?.Rule]).toEqual(['MAJORITY Admins', 'ALL Admins']);
    expect(Delta.Policies.AllProvinces?.Rule).toBe('ALL AllProvinces');
  });

  it('fails over within seconds, in the order that SmartBFT demands', () => {
    expect(Delta.Orderer.SmartBFT).toBe(CONSENSUS);
    expect(CONSENSUS).toMatchObject({
      LeaderHeartbeatTimeout: '5s',
      RequestForwardTimeout: '3s',
      RequestComplainTimeout: '4s',
      ViewChangeResendInterval: '1s',
      ViewChangeTimeout: '2s',
      SpeedUpViewChange: false,
    });
    expect(seconds(CONSENSUS.RequestForwardTimeout)).toBeLessThanOrEqual(seconds(CONSENSUS.RequestComplainTimeout));
    expect(seconds(CONSENSUS.ViewChangeResendInterval)).toBeLessThanOrEqual(seconds(CONSENSUS.ViewChangeTimeout));
    expect(Delta.Orderer.BatchTimeout).toBe(CONSENSUS.RequestBatchMaxInterval);
  });
});

const {
  Block,
  BlockData,
  BlockHeader,
  BlockMetadata,
  Config,
  ConfigEnvelope,
  ConfigGroup,
  ConfigPolicy,
  ConfigValue,
  Envelope,
  Header,
  Payload,
} = common;
type Group = InstanceType<typeof ConfigGroup>;

function groupOf(values: readonly string[], policies: readonly string[], groups: Readonly<Record<string, Group>> = {}): Group {
  const group = new ConfigGroup();
  group.setModPolicy('Admins');
  for (const name of values) {
    const value = new ConfigValue();
    value.setValue(Buffer.from(`value of ${name}`));
    value.setModPolicy('Admins');
    group.getValuesMap().set(name, value);
  }
  for (const name of policies) {
    const policy = new ConfigPolicy();
    policy.setModPolicy('Admins');
    const content = new common.Policy();
    content.setType(3);
    content.setValue(Buffer.from(name));
    policy.setPolicy(content);
    group.getPoliciesMap().set(name, policy);
  }
  for (const [name, inner] of Object.entries(groups)) group.getGroupsMap().set(name, inner);
  return group;
}

/** Block 0 as configtxgen lays it out, made with Hyperledger's own classes. */
function genesis(): Uint8Array {
  const member = () => groupOf(['MSP', 'Endpoints'], ['Admins']);
  const orderer = groupOf(['BatchSize', 'BatchTimeout', 'ConsensusType', 'Orderers', 'Capabilities'], ['BlockValidation'], {
    AnhuiMSP: member(),
  });
  const application = groupOf(['Capabilities'], ['Endorsement', 'LifecycleEndorsement'], { AnhuiMSP: member() });
  const config = new Config();
  config.setChannelGroup(groupOf(['HashingAlgorithm'], ['Admins'], { Orderer: orderer, Application: application }));
  const envelopeConfig = new ConfigEnvelope();
  envelopeConfig.setConfig(config);
  const payload = new Payload();
  const header = new Header();
  header.setChannelHeader(Buffer.from('header'));
  payload.setHeader(header);
  payload.setData(envelopeConfig.serializeBinary());
  const envelope = new Envelope();
  envelope.setPayload(payload.serializeBinary());
  const block = new Block();
  const blockHeader = new BlockHeader();
  blockHeader.setDataHash(Buffer.alloc(32, 1));
  block.setHeader(blockHeader);
  const data = new BlockData();
  data.setDataList([envelope.serializeBinary()]);
  block.setData(data);
  const metadata = new BlockMetadata();
  metadata.setMetadataList([Buffer.from('metadata')]);
  block.setMetadata(metadata);
  return block.serializeBinary();
}

/** path → modification policy, of groups, values and policies. */
function modPolicies(group: Group, path = '/Channel', found = new Map<string, string>()): Map<string, string> {
  found.set(path, group.getModPolicy());
  for (const [name, value] of group.getValuesMap().entries()) found.set(`${path}/${name}`, value.getModPolicy());
  for (const [name, policy] of group.getPoliciesMap().entries()) found.set(`${path}/policy/${name}`, policy.getModPolicy());
  for (const [name, inner] of group.getGroupsMap().entries()) modPolicies(inner, `${path}/${name}`, found);
  return found;
}

function configOf(bytes: Uint8Array) {
  const block = Block.deserializeBinary(bytes);
  const [data] = block.getData()?.getDataList_asU8() ?? [];
  const payload = Payload.deserializeBinary(Envelope.deserializeBinary(data as Uint8Array).getPayload_asU8());
  const config = ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
  return { block, data: data as Uint8Array, payload, group: config?.getChannelGroup() as Group };
}

describe('who may change what', () => {
  const { block, data, payload, group } = configOf(withModificationPolicies(genesis()));
  const found = modPolicies(group);

  it('asks all four for membership, orderers, policies and capabilities', () => {
    const all = [
      '/Channel',
      '/Channel/Orderer',
      '/Channel/Application',
      '/Channel/HashingAlgorithm',
      '/Channel/Orderer/Orderers',
      '/Channel/Orderer/Capabilities',
      '/Channel/Application/Capabilities',
      '/Channel/policy/Admins',
      '/Channel/Orderer/policy/BlockValidation',
      '/Channel/Application/policy/Endorsement',
      '/Channel/Application/policy/LifecycleEndorsement',
    ];
    expect(all.map((path) => [path, found.get(path)])).toEqual(all.map((path) => [path, 'AllProvinces']));
  });

  it('asks three for block sizes and consensus times', () => {
    for (const name of ['BatchSize', 'BatchTimeout', 'ConsensusType'])
      expect(found.get(`/Channel/Orderer/${name}`)).toBe('Admins');
  });

  it('leaves to a province what is its own', () => {
    const own = [...found].filter(([path]) => path.includes('AnhuiMSP'));
    expect(own).toHaveLength(8);
    expect(new Set(own.map(([, policy]) => policy))).toEqual(new Set(['Admins']));
  });

  it('changes nothing else, and the header holds the hash of the new data', () => {
    expect(group.getGroupsMap().get('Orderer')?.getValuesMap().get('BatchSize')?.getValue_asU8()).toEqual(
      new Uint8Array(Buffer.from('value of BatchSize')),
    );
    expect(group.getGroupsMap().get('Application')?.getPoliciesMap().get('Endorsement')?.getPolicy()?.getType()).toBe(3);
    expect(Buffer.from(payload.getHeader()?.getChannelHeader_asU8() ?? []).toString()).toBe('header');
    expect(Buffer.from(block.getMetadata()?.getMetadataList_asU8()[0] ?? []).toString()).toBe('metadata');
    expect(Buffer.from(block.getHeader()?.getDataHash_asU8() ?? [])).toEqual(createHash('sha256').update(data).digest());
  });
});
