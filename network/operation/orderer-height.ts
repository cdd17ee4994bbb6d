/**
 * How many blocks an orderer has, as it tells its province's administrator. Its metric
 * `consensus_BFT_committed_block_number` is another figure: the last block that it agreed on itself, which stays
 * where it was while the orderer fetches blocks that the others agreed on.
 */
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import { LOOPBACK, type Member } from '../definition/definition.js';
import { provincePaths } from '../definition/network-folder.js';

/** a busy machine also falls silent in the middle of an answer */
const PATIENCE_MS = 5000;

function participation(root: string, { province, ports }: Member): Promise<string> {
  const { admin, orderer } = provincePaths(root, province.slug);
  const identity = {
    ca: readFileSync(join(orderer, 'tls/roots.pem')),
    cert: readFileSync(join(admin, 'tls/certificate.pem')),
    key: readFileSync(join(admin, 'tls/key.pem')),
  };
  const where = { host: LOOPBACK, port: ports.ordererAdmin, path: `/participation/v1/channels/${CHANNEL}` };
  return new Promise((settle, reject) => {
    const request = get({ ...where, ...identity, agent: false, signal: AbortSignal.timeout(PATIENCE_MS) }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => (answer.statusCode === 200 ? settle(text) : reject(new Error(text))));
    });
    request.once('error', reject);
  });
}

/** Undefined when it does not answer, or has not joined the channel. */
export async function ordererHeight(root: string, member: Member): Promise<number | undefined> {
  try {
    return (JSON.parse(await participation(root, member)) as { height: number }).height;
  } catch {
    return undefined;
  }
}

/**
 * How far behind the others an orderer may be and need nobody: SmartBFT's leader tells of its last proposal, so
 * that one which missed a single block finds out with the next.
 */
export const WITHOUT_NOTICE = 1;

/** Whether all answer, and none is further behind than that. */
export function levelOrderers(heights: readonly (number | undefined)[]): boolean {
  const told = heights.filter((height) => height !== undefined);
  return told.length === heights.length && Math.max(...told) - Math.min(...told) <= WITHOUT_NOTICE;
}
