/** An embedded ledger in a folder of its own, and the few transactions that ledger tests need. */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { type Embedded, openEmbedded } from '../../network/embedded/open.js';
import type { Signer } from '../../network/identity/signer.js';
import type { Wallet } from '../../network/identity/wallet.js';
import type { Committed, Invocation, Ledger, LedgerBlock } from '../../network/ledger.js';
import type { Registrar } from '../../network/registrars.js';
import { freshAgencyId } from './contract-world.js';

/** Whatever stands behind the port: what every ledger test starts from. */
export interface LedgerWorld {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly registrars: readonly Registrar[];
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'delta-ledger-'));
  folders.push(folder);
  return folder;
}

/** A folder in memory where the system has one: thousands of recoveries wait for no disk. */
export function memoryFolder(): string {
  if (!existsSync('/dev/shm')) return temporaryFolder();
  const folder = mkdtempSync('/dev/shm/delta-ledger-');
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  template = undefined;
}

let template: string | undefined;

/** A folder with a new ledger in it, closed. Made once and copied, because key generation takes its time. */
export async function foundedFolder(): Promise<string> {
  if (!template) {
    template = temporaryFolder();
    await (await openEmbedded({ folder: template })).ledger.close();
  }
  return copyOf(template);
}

export function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

export async function foundedLedger(
  options: Partial<Parameters<typeof openEmbedded>[0]> = {},
): Promise<Embedded & { folder: string }> {
  const folder = await foundedFolder();
  return { ...(await openEmbedded({ folder, ...options })), folder };
}

export function registrarSigner(world: LedgerWorld, index = 0): Promise<Signer> {
  const { agencyId, province } = world.registrars[index] as Registrar;
  return world.wallet.signer({ agencyId, province, roles: ['registrar'] });
}

/** The registration of a new agency of the first registrar's province. */
export function registration(signer: Signer, agencyId: string, operation = randomBytes(16).toString('hex')): Invocation {
  const input = {
    agencyId,
    name: { zh: '市场监督管理局' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['certificate-issuer'],
    keyDigest: '0'.repeat(64),
  };
  return { signer, function: 'registry:RegisterAgency', argument: encodeArgument({ operation, input }) };
}

export async function register(
  world: LedgerWorld,
  agencyId = freshAgencyId('310000'),
): Promise<Committed & { agencyId: string }> {
  return { agencyId, ...(await world.ledger.submit(registration(await registrarSigner(world), agencyId))) };
}

export function readRecord(signer: Signer, key: string): Invocation {
  return { signer, function: 'ledger:ReadRecord', argument: key };
}

/** All blocks that there are now. */
export async function allBlocks(ledger: Ledger): Promise<LedgerBlock[]> {
  const { height } = await ledger.info();
  const blocks: LedgerBlock[] = [];
  const stop = new AbortController();
  for await (const block of ledger.blocks(0, stop.signal)) {
    blocks.push(block);
    if (block.number === height - 1) break;
  }
  return blocks;
}
