/** `npm run signer`: the process that holds agencies' keys, and signs proposals and transactions of this ledger with them. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { PROVINCES, type ProvinceCode, provinceOf } from '../chaincode/provinces.js';
import { DataFolderRefused } from '../network/errors.js';
import type { AuthorityMaterial } from '../network/identity/authority.js';
import { checkKeyOf } from '../network/identity/files.js';
import { SigningDesk } from '../network/identity/signing/desk.js';
import { SIGNATURES_A_SECOND, SigningRate } from '../network/identity/signing/rate.js';
import { serveSigning } from '../network/identity/signing/server.js';
import { openWallet } from '../network/identity/wallet.js';

interface Options {
  readonly socket: string;
  readonly wallet: string;
  readonly authority?: ReadonlyMap<ProvinceCode, string>;
  readonly rate: number;
}

function authorityFolder(text: string, before: ReadonlyMap<ProvinceCode, string> = new Map()): Map<ProvinceCode, string> {
  const province = PROVINCES.find(({ code }) => text.startsWith(`${code}=`));
  if (!province) throw new InvalidArgumentError('give <province>=<folder>, such as 310000=/srv/shanghai/ca.');
  return new Map(before).set(province.code, resolve(text.slice(province.code.length + 1)));
}

function signatures(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('give a whole number above 0.');
}

/** Those that a data folder has, where none is named. */
function foldersIn(wallet: string): Map<ProvinceCode, string> {
  const all = PROVINCES.map(({ code, mspId }) => [code, join(wallet, 'authorities', mspId, 'ca')] as const);
  return new Map(all.filter(([, folder]) => existsSync(folder)));
}

function readAuthority(code: ProvinceCode, folder: string): AuthorityMaterial {
  checkKeyOf(folder);
  const read = (name: string) => readFileSync(join(folder, `${name}.pem`), 'utf8');
  return { mspId: provinceOf(code).mspId, certificate: read('certificate'), privateKey: read('key') };
}

async function serve({ socket, wallet, authority, rate }: Options): Promise<void> {
  const folders = authority ?? foldersIn(wallet);
  if (folders.size === 0)
    throw new DataFolderRefused('damaged', `${wallet} has no authorities: name them with --authority 310000=<folder>`);
  const authorities = new Map([...folders].map(([code, folder]) => [code, readAuthority(code, folder)] as const));
  const log = (message: string) => console.error(`${new Date().toISOString()} ${message}`);
  const deps = { wallet: openWallet({ folder: wallet, authorities, clock: Date.now }), clock: Date.now, log };
  const server = await serveSigning(socket, new SigningDesk({ ...deps, rate: new SigningRate(rate, Date.now) }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  console.log(`signing for ${[...folders.keys()].join(', ')} on ${socket}`);
}

const program = new Command('signer')
  .description('Holds the agencies’ keys and signs what belongs on this ledger; the API finds it by SIGNER_SOCKET.')
  .requiredOption('--socket <path>', 'Unix socket, in a folder that is this user’s alone', (path: string) => resolve(path))
  .requiredOption('--wallet <folder>', 'the folder with identities/<MSP>/<agency>', (path: string) => resolve(path))
  .option('--authority <province=folder>', 'where a province’s authority is; repeat for more', authorityFolder)
  .option('--rate <n>', 'signatures a second for an agency', signatures, SIGNATURES_A_SECOND);

try {
  await serve(program.parse().opts<Options>());
} catch (error) {
  if (!(error instanceof DataFolderRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
