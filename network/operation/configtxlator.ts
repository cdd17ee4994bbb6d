/** Fabric's own configtxlator: its messages as JSON, and back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NetworkFault } from './fault.js';
import { fabricEnvironment } from './nodes.js';
import { locate } from './programs.js';
import { runProgram } from './run-program.js';

/** `common.Config` as configtxlator writes it. */
export interface ChannelConfig {
  sequence: string;
  channel_group: ConfigGroup;
}

interface Versioned {
  version: string;
  mod_policy: string;
}

export interface ConfigGroup extends Versioned {
  groups: Record<string, ConfigGroup>;
  values: Record<string, Versioned & { value: Record<string, unknown> }>;
  policies: Record<string, Versioned & { policy: { value: Record<string, unknown> } }>;
}

/** `common.ConfigUpdate`: what it was made from, by versions alone, and what is to be. */
export interface ConfigUpdate {
  channel_id: string;
  read_set: ConfigGroup;
  write_set: ConfigGroup;
}

/** `common.HeaderType` of an envelope that holds an update. */
export const CONFIG_UPDATE = 2;

/** `common.Envelope` around an update. */
export interface UpdateEnvelope {
  payload: {
    header: { channel_header: { channel_id: string; type: number } };
    data: {
      config_update: ConfigUpdate;
      signatures?: { signature_header: { creator: { mspid: string; id_bytes: string } } }[] | null;
    };
  };
}

export interface ConfigBlock {
  data: { data: [{ payload: { data: { config: ChannelConfig; last_update?: UpdateEnvelope } } }] };
}

/** A folder for files that are wanted as long as the work takes. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'channel-update-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws NetworkFault */
export function translate(folder: string, ...words: readonly string[]): Promise<string> {
  const command = locate('configtxlator');
  if (!command) throw new NetworkFault("Fabric's configtxlator not found: put it where the other programs are");
  return runProgram({ command, arguments: words, folder, environment: fabricEnvironment(folder) });
}

export async function decodeJson<T>(folder: string, type: string, file: string): Promise<T> {
  const output = join(folder, 'decoded.json');
  await translate(folder, 'proto_decode', '--type', type, '--input', file, '--output', output);
  return JSON.parse(readFileSync(output, 'utf8'));
}

export async function encodeJson(folder: string, type: string, message: object, file: string): Promise<void> {
  const input = join(folder, 'encoded.json');
  writeFileSync(input, JSON.stringify(message));
  await translate(folder, 'proto_encode', '--type', type, '--input', input, '--output', file);
}
