/**
 * What block 0 says: members, orderers, policies. As `configtx.yaml` for configtxgen; who may change
 * what is written into the block afterwards (modification-policies.ts), because configtxgen knows one answer only.
 */
import { join, relative } from 'node:path';
import { ENDORSEMENTS_REQUIRED } from '../channel.js';
import { type Definition, type Member, ordererAddress } from './definition.js';
import { BLOCK, CONSENSUS } from './limits.js';
import { provincePaths } from './network-folder.js';
import type { Settings } from './yaml.js';

export const CONFIGTX_PROFILE = 'Delta';
/** Fabric's policies by name, and one of ours: administrators of all four provinces. */
export const ALL_PROVINCES = 'AllProvinces';

const implicit = (rule: string) => ({ Type: 'ImplicitMeta', Rule: rule });
const signature = (rule: string) => ({ Type: 'Signature', Rule: rule });

/** Three of the four provinces' peers: `.peer`, because `.member` would let any client certificate endorse. */
export function endorsementRule({ members }: Definition): string {
  const peers = members.map(({ province }) => `'${province.mspId}.peer'`);
  return `OutOf(${ENDORSEMENTS_REQUIRED}, ${peers.join(', ')})`;
}

type Unit = 'admin' | 'client' | 'peer' | 'orderer';

/** @param writers whose signatures the group takes: orderers sign for one another, clients and administrators for records */
function organisation(root: string, folder: string, member: Member, writers: readonly Unit[]): Settings {
  const { mspId, slug } = member.province;
  const any = (...units: readonly Unit[]) => signature(`OR(${units.map((unit) => `'${mspId}.${unit}'`).join(', ')})`);
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: relative(folder, provincePaths(root, slug).msp),
    Policies: {
      Readers: any('admin', 'client', 'peer', 'orderer'),
      Writers: any(...writers),
      Admins: any('admin'),
      Endorsement: any('peer'),
    },
    // Each member lists its own: a client's quorum is counted over this list, so one missing lowers it silently.
    OrdererEndpoints: [ordererAddress(member)],
    AnchorPeers: [{ Host: member.host, Port: member.ports.peer }],
  };
}

function consenter(root: string, folder: string, member: Member): Settings {
  const own = provincePaths(root, member.province.slug).orderer;
  const tls = relative(folder, join(own, 'tls/certificate.pem'));
  return {
    ID: member.consenter,
    Host: member.host,
    Port: member.ports.orderer,
    MSPID: member.province.mspId,
    Identity: relative(folder, join(own, 'msp/signcerts/certificate.pem')),
    ClientTLSCert: tls,
    ServerTLSCert: tls,
  };
}

const READ_AND_WRITE = { Readers: implicit('ANY Readers'), Writers: implicit('ANY Writers') };

/**
 * @param root the network's folder
 * @param folder where `configtx.yaml` will be; its paths are relative to it
 */
export function channelConfiguration(definition: Definition, root: string, folder: string): Settings {
  const organisations = (...writers: readonly Unit[]) =>
    definition.members.map((member) => organisation(root, folder, member, writers));
  const policies = { ...READ_AND_WRITE, Admins: implicit('MAJORITY Admins'), [ALL_PROVINCES]: implicit('ALL Admins') };
  const endorsement = signature(endorsementRule(definition));
  return {
    Profiles: {
      [CONFIGTX_PROFILE]: {
        // Of the channel's two groups, in each of which all four must have agreed.
        Policies: { ...policies, [ALL_PROVINCES]: implicit(`ALL ${ALL_PROVINCES}`) },
        Capabilities: { V3_0: true },
        Orderer: {
          OrdererType: 'BFT',
          BatchTimeout: CONSENSUS.RequestBatchMaxInterval,
          BatchSize: BLOCK,
          MaxChannels: 0,
          ConsenterMapping: definition.members.map((member) => consenter(root, folder, member)),
          SmartBFT: CONSENSUS,
          Organizations: organisations('orderer'),
          // configtxgen puts the consenters' quorum in the place of BlockValidation.
          Policies: { ...policies, BlockValidation: implicit('ANY Writers') },
          Capabilities: { V2_0: true },
        },
        Application: {
          Organizations: organisations('admin', 'client'),
          Policies: { ...policies, Endorsement: endorsement, LifecycleEndorsement: endorsement },
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}
