/**
 * Block 0: `common.ConfigEnvelope` with the members' root certificates (`FabricMSPConfig` with NodeOUs),
 * the four orderers and the policies, in the places where a Fabric channel keeps them. Abridged: what
 * only a running Fabric node needs (batch sizes, capabilities, addresses) is left out. `configuration.ts` reads it.
 */
import { encodeEnvelope } from './envelope.js';
import { encodeChannelHeader, HEADER_TYPE } from './header.js';
import { encodeHeader } from './proposal.js';
import { MessageWriter } from './wire.js';

export interface MemberConfig {
  readonly mspId: string;
  /** PEM */
  readonly rootCertificate: string;
  /** PEM */
  readonly ordererCertificate: string;
}

const NODE_UNITS = ['client', 'peer', 'admin', 'orderer'] as const;

function mspValue({ mspId, rootCertificate }: MemberConfig): Buffer {
  const root = Buffer.from(rootCertificate, 'utf8');
  const nodeUnits = new MessageWriter().integer(1, 1);
  for (const [index, unit] of NODE_UNITS.entries())
    nodeUnits.message(index + 2, new MessageWriter().bytes(1, root).text(2, unit));
  const msp = new MessageWriter().text(1, mspId).bytes(2, root).message(11, nodeUnits);
  return new MessageWriter().item(2, msp.finish()).finish();
}

function orderersValue(members: readonly MemberConfig[]): Buffer {
  const writer = new MessageWriter();
  for (const [index, { mspId, ordererCertificate }] of members.entries())
    writer.message(
      1,
      new MessageWriter()
        .integer(1, index + 1)
        .text(4, mspId)
        .text(5, ordererCertificate),
    );
  return writer.finish();
}

function mapEntry(key: string, value: MessageWriter): MessageWriter {
  return new MessageWriter().text(1, key).message(2, value);
}

function configValue(key: string, value: Uint8Array): MessageWriter {
  return mapEntry(key, new MessageWriter().bytes(2, value).text(3, 'Admins'));
}

/** A group's fields by number: groups 2, values 3. */
function group(groups: readonly MessageWriter[], values: readonly MessageWriter[]): MessageWriter {
  const writer = new MessageWriter();
  for (const entry of groups) writer.message(2, entry);
  for (const entry of values) writer.message(3, entry);
  return writer.text(5, 'Admins');
}

/** The envelope of block 0. */
export function encodeConfigEnvelope(channel: string, timestamp: number, members: readonly MemberConfig[]): Buffer {
  const sorted = [...members].sort((left, right) => (left.mspId < right.mspId ? -1 : 1));
  const organisations = sorted.map((member) => mapEntry(member.mspId, group([], [configValue('MSP', mspValue(member))])));
  const application = mapEntry('Application', group(organisations, []));
  const orderer = mapEntry('Orderer', group([], [configValue('Orderers', orderersValue(members))]));
  const config = new MessageWriter().message(2, group([application, orderer], []));
  const configEnvelope = new MessageWriter().message(1, config).finish();
  const channelHeader = encodeChannelHeader({ type: HEADER_TYPE.config, channel, transactionId: '', timestamp, chaincode: '' });
  const header = encodeHeader({ channelHeader, signatureHeader: Buffer.alloc(0) });
  return encodeEnvelope(new MessageWriter().message(1, header).bytes(2, configEnvelope).finish(), Buffer.alloc(0));
}
