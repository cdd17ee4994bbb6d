/** An endorsed transaction that its sender keeps back, and sends when something has changed. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { networkPaths } from '../../definition/network-folder.js';
import { LedgerUnavailable } from '../../errors.js';
import { openFabric } from '../../fabric/open.js';
import { memoryOutbox, type OutboxEntry } from '../../fabric/outbox.js';
import type { Agent } from '../as-agency.js';
import type { Stage } from './stage.js';

const profileOf = ({ network }: Stage) => join(networkPaths(network.root).profiles, 'development.json');

/** Endorsed by three provinces and signed, and sent to nobody: whoever cannot keep an envelope sends none. */
export async function keptBack(stage: Stage, agent: Agent, name: string, input: object): Promise<OutboxEntry> {
  let kept: OutboxEntry | undefined;
  const put = async (entry: OutboxEntry) => {
    kept = entry;
    throw new Error('kept back');
  };
  const fabric = await openFabric({ profileFile: profileOf(stage), outbox: { ...memoryOutbox(), put } });
  try {
    await stage.until(async () => fabric.health().ready);
    const signer = await fabric.wallet.signer({ ...agent, province: agent.member.province.code });
    const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
    const sent = await fabric.ledger.submit({ signer, function: name, argument }).catch((error: unknown) => error);
    if (!kept || !(sent instanceof LedgerUnavailable)) throw new Error(`it was not kept back: ${JSON.stringify(sent)}`);
    return kept;
  } finally {
    await fabric.ledger.close();
  }
}

/** Sends it to every orderer until its outcome is certain. @returns `valid`, or what three orderers said who refuse it for good */
export async function sendLate(stage: Stage, entry: OutboxEntry): Promise<string> {
  const outbox = memoryOutbox();
  await outbox.put(entry);
  const said: string[] = [];
  const fabric = await openFabric({ profileFile: profileOf(stage), outbox, log: (words) => said.push(words) });
  try {
    await stage.until(async () => (await outbox.pending()).length === 0);
    const { status } = await fabric.ledger.transactionStatus(entry.transactionId);
    return status === 'pending' ? (said.find((words) => words.includes('is given up')) ?? status) : status;
  } finally {
    await fabric.ledger.close();
  }
}
