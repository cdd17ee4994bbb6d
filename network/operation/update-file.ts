/**
 * An update of the channel's configuration that goes from host to host as a file: written by the province that wants it,
 * signed by each on its own host, sent by whoever has all signatures.
 */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { writeWhole } from '../identity/files.js';
import {
  type Change,
  type Configured,
  computeUpdate,
  findChange,
  readConfig,
  sendEnvelope,
  writeEnvelope,
} from './channel-update.js';
import { type Network, peerCommand } from './commands.js';
import { CONFIG_UPDATE, type ConfigUpdate, decodeJson, inFolder, type UpdateEnvelope } from './configtxlator.js';
import { NetworkFault } from './fault.js';
import { runProgram } from './run-program.js';
import { isMadeFrom, wordsOf } from './update-words.js';

/** What an update changes, in words, and who has signed it. */
export interface Written {
  readonly words: readonly string[];
  /** MSP ids */
  readonly signed: readonly string[];
}

interface Opened {
  /** a copy: what was shown is what is signed, whatever becomes of the file meanwhile */
  readonly envelope: string;
  readonly update: ConfigUpdate;
  readonly signed: readonly string[];
}

/** @throws NetworkFault when it is no update of our channel */
async function openUpdate(folder: string, file: string): Promise<Opened> {
  if (!existsSync(file)) throw new NetworkFault(`there is no ${file}: name the file that --update wrote`);
  const envelope = join(folder, 'opened');
  copyFileSync(file, envelope);
  const none = new NetworkFault(`${file} is no update of the channel ${CHANNEL}: name the file that --update wrote`);
  const { payload } = await decodeJson<UpdateEnvelope>(folder, 'common.Envelope', envelope).catch(() => Promise.reject(none));
  const header = payload?.header?.channel_header;
  const { config_update: update, signatures } = payload?.data ?? {};
  if (header?.type !== CONFIG_UPDATE || header.channel_id !== CHANNEL || update?.channel_id !== CHANNEL) throw none;
  const signed = (signatures ?? []).map(({ signature_header }) => signature_header.creator.mspid);
  return { envelope, update, signed: [...new Set(signed)] };
}

/** @param file where the unsigned update is written @throws NetworkFault when the channel has the change already */
export function writeUpdate(network: Network, member: Member, change: Change, file: string): Promise<Written> {
  return inFolder(async (folder) => {
    if (await findChange(network, member, change))
      throw new NetworkFault('the channel has this change already: give the command without --update');
    const config = await readConfig(network, member);
    const update = await computeUpdate(folder, config, change);
    const envelope = join(folder, 'envelope');
    await writeEnvelope(folder, update, envelope);
    writeWhole(file, readFileSync(envelope), 0o644);
    return { words: wordsOf(config.channel_group, update), signed: [] };
  });
}

/** The member whose administrator acts, and what the file says against the channel's configuration. */
async function look(network: Network, folder: string, file: string) {
  const [member] = network.operated;
  if (!member) throw new NetworkFault(`${network.root} operates no province`);
  const opened = await openUpdate(folder, file);
  const { channel_group } = await readConfig(network, member);
  return { member, opened, channel: channel_group, words: wordsOf(channel_group, opened.update) };
}

/**
 * Adds the signatures of all administrators whose keys are in this folder.
 * @param tell is given the words before anything is signed
 * @throws NetworkFault when the channel's configuration is another than the one the update was made from
 */
export function signUpdate(network: Network, file: string, tell: (words: readonly string[]) => void): Promise<Written> {
  return inFolder(async (folder) => {
    const { opened, channel, words } = await look(network, folder, file);
    const { envelope, update } = opened;
    if (words.length === 0)
      throw new NetworkFault(`the channel has all of ${file} already: give the command that wrote it again`);
    if (!isMadeFrom(channel, update))
      throw new NetworkFault(
        `${file} was made from another configuration than the channel has now: have it written anew, with --update`,
      );
    tell(words);
    for (const member of network.operated.filter(({ province }) => !opened.signed.includes(province.mspId)))
      await runProgram(peerCommand(network, member, ['channel', 'signconfigtx', '-f', envelope]));
    writeWhole(file, readFileSync(envelope), 0o644);
    return { words, signed: (await openUpdate(folder, file)).signed };
  });
}

/** Sends it, and waits until the peers of this folder have it. @throws NetworkFault as `sendEnvelope` */
export function sendUpdate(network: Network, file: string): Promise<void> {
  return inFolder(async (folder) => {
    const { member, opened, words } = await look(network, folder, file);
    if (words.length === 0) return;
    const isThere = ({ config, update }: Configured) =>
      isDeepStrictEqual(update, opened.update) || wordsOf(config.channel_group, opened.update).length === 0;
    await sendEnvelope(network, member, opened.envelope, isThere);
  });
}
