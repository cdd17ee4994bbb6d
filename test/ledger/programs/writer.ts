/**
 * A ledger's process to be killed: opens a folder and writes until it dies. Each line on standard output
 * is one write(2): `ready`, `sent <transaction> <agency>` before anything leaves, `kept <transaction>
 * <block> <agency>` after the acknowledgement, `lost <agency> <error>` for what was refused.
 */
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { creditCodeCheck } from '../../../chaincode/identifiers/credit-code.js';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { openEmbedded } from '../../../network/embedded/open.js';
import { createPlainDispatcher } from './plain-dispatcher.js';

const [folder, run, writers, contracts, limit] = argv.slice(2) as [string, string, string, 'real' | 'plain', string | undefined];

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const { ledger, wallet, registrars } = await openEmbedded({
  folder,
  ...(contracts === 'plain' ? { createDispatcher: createPlainDispatcher } : {}),
});
const [registrar] = registrars;
if (!registrar) throw new Error('no registrar');
const signer = await wallet.signer({ ...registrar, roles: ['registrar'] });
say('ready');

let count = 0;

async function writeOne(): Promise<void> {
  const body = `1131${run.padStart(5, '0')}${String(++count).padStart(7, '0')}X`;
  const agencyId = body + creditCodeCheck(body);
  const input = {
    agencyId,
    name: { zh: '市场监督管理局' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['certificate-issuer'],
    keyDigest: '0'.repeat(64),
  };
  const argument = encodeArgument({ operation: `operation-${agencyId}`, input });
  try {
    const sent = (id: string) => say(`sent ${id} ${agencyId}`);
    const { transactionId, block } = await ledger.submit({ signer, function: 'registry:RegisterAgency', argument }, sent);
    say(`kept ${transactionId} ${block} ${agencyId}`);
  } catch (error) {
    say(`lost ${agencyId} ${(error as Error).name}: ${(error as Error).message}`);
  }
}

const last = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
await Promise.all(
  Array.from({ length: Number(writers) }, async () => {
    while (count < last) await writeOne();
  }),
);
await ledger.close();
say('closed');
