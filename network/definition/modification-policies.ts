/**
 * Who may change what in the channel. configtxgen writes `Admins` everywhere; here block 0 is rewritten so
 * that membership, orderers, policies and capabilities take all four provinces, block size and consensus
 * times three, and what is a province's own its own administrator.
 */
import { dataHash } from '../format/block.js';
import { MessageReader, MessageWriter } from '../format/wire.js';
import { ALL_PROVINCES } from './channel-configuration.js';

/** What `Admins`, three of four, may change. */
const BY_THREE: ReadonlySet<string> = new Set([
  '/Channel/Orderer/BatchSize',
  '/Channel/Orderer/BatchTimeout',
  '/Channel/Orderer/ConsensusType',
]);
const ADMINS = 'Admins';
/** Fields of `common.ConfigGroup`; values and policies have version, content and modification policy in fields 1 to 3. */
const GROUP = { version: 1, groups: 2, values: 3, policies: 4, modPolicy: 5 } as const;

function entry(name: string, value: MessageWriter): MessageWriter {
  return new MessageWriter().text(1, name).message(2, value);
}

/** A value or a policy under its new modification policy. */
function rewriteItem(item: MessageReader, modPolicy: string): MessageWriter {
  return new MessageWriter().integer(1, item.integer(1)).bytes(2, item.bytes(2)).text(3, modPolicy);
}

function rewriteGroup(group: MessageReader, path: string): MessageWriter {
  const writer = new MessageWriter().integer(GROUP.version, group.integer(GROUP.version));
  for (const bytes of group.all(GROUP.groups)) {
    const name = new MessageReader(bytes).text(1);
    // A member's own group stays as it is: that member's administrator changes it.
    if (path !== '/Channel') writer.item(GROUP.groups, bytes);
    else writer.message(GROUP.groups, entry(name, rewriteGroup(new MessageReader(bytes).message(2), `${path}/${name}`)));
  }
  for (const field of [GROUP.values, GROUP.policies])
    for (const bytes of group.all(field)) {
      const reader = new MessageReader(bytes);
      const name = reader.text(1);
      const modPolicy = field === GROUP.values && BY_THREE.has(`${path}/${name}`) ? ADMINS : ALL_PROVINCES;
      writer.message(field, entry(name, rewriteItem(reader.message(2), modPolicy)));
    }
  return writer.text(GROUP.modPolicy, ALL_PROVINCES);
}

function rewriteEnvelope(bytes: Uint8Array): Buffer {
  const envelope = new MessageReader(bytes);
  const payload = envelope.message(1);
  const configEnvelope = payload.message(2);
  const config = configEnvelope.message(1);
  const rewritten = new MessageWriter().integer(1, config.integer(1)).message(2, rewriteGroup(config.message(2), '/Channel'));
  const data = new MessageWriter().message(1, rewritten).bytes(2, configEnvelope.bytes(2));
  const content = new MessageWriter().bytes(1, payload.bytes(1)).message(2, data);
  return new MessageWriter().message(1, content).bytes(2, envelope.bytes(2)).finish();
}

/** @param bytes block 0 as configtxgen makes it @throws FormatError */
export function withModificationPolicies(bytes: Uint8Array): Buffer {
  const block = new MessageReader(bytes);
  const envelopes = block.message(2).all(1).map(rewriteEnvelope);
  const header = block.message(1);
  const rewritten = new MessageWriter().integer(1, header.integer(1)).bytes(2, header.bytes(2)).bytes(3, dataHash(envelopes));
  const data = new MessageWriter();
  for (const envelope of envelopes) data.item(1, envelope);
  return new MessageWriter().message(1, rewritten).message(2, data).bytes(3, block.bytes(3)).finish();
}
