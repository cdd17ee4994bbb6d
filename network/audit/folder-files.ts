/** What else lies in a data folder and follows from the chain: the watermark, and the certificates of who signs. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathsOf } from '../embedded/folder.js';
import { readWatermark, type WatermarkValue } from '../embedded/watermark.js';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Audited, Companion } from './audit-chain.js';
import { CannotTell, Differs, NotThere } from './difference.js';

const SQLITE_BUSY = 5;

/** Whether a process has the folder open; asking leaves no trace. */
export function isInUse(folder: string): boolean {
  const lock = join(folder, 'lock');
  if (!existsSync(lock)) return false;
  const database = new DatabaseSync(lock, { readOnly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return true;
    throw new CannotTell(`${lock} cannot be read: ${(error as Error).message}; is ${folder} a data folder?`);
  } finally {
    database.close();
  }
}

/** @throws CannotTell while a process has the folder open */
export function checkNotInUse(folder: string): void {
  if (isInUse(folder))
    throw new CannotTell(
      `${folder} is in use, and its state and tables change while they are read: stop that process, or audit the blocks alone with --follow`,
    );
}

/** @throws NotThere when it is missing or damaged, CannotTell when it is another version's */
export function watermarkOf(folder: string): WatermarkValue {
  const { watermark } = pathsOf(folder);
  const mark = readWatermark(watermark);
  if (mark.found === 'value') return mark.value;
  if (mark.found === 'other-version')
    throw new CannotTell(`${watermark} has format ${mark.version}: use the version that wrote it`);
  const is = mark.found === 'none' ? 'missing' : 'damaged';
  throw new NotThere({
    check: 'watermark',
    problem: `${watermark} is ${is}, so it is not known how many blocks were acknowledged`,
  });
}

function expectedBy({ height, hash, logLength }: WatermarkValue): string {
  return `${height} blocks, ${hash.toString('hex')}, ${logLength} bytes`;
}

/** The block that was acknowledged last is that one, once as many were read. @param ends where each block ends, in bytes */
export function checkAcknowledged(mark: WatermarkValue, ends: readonly number[], at: Audited): void {
  const [expected, found] = [expectedBy(mark), `${at.height} blocks, ${at.blockHash}, ${ends[at.height - 1]} bytes`];
  if (at.height !== mark.height || found === expected) return;
  const problem = `block ${mark.height - 1} is not the one that was acknowledged`;
  throw new Differs({ check: 'watermark', block: mark.height - 1, problem, expected, found });
}

/** As many blocks as were acknowledged were there to be read. */
export function checkReached(mark: WatermarkValue, at: Audited): void {
  if (at.height >= mark.height) return;
  const problem = `the log ends with block ${at.height - 1}, and ${mark.height} blocks were acknowledged`;
  const [expected, found] = [expectedBy(mark), `${at.height} blocks`];
  throw new Differs({ check: 'watermark', block: at.height, problem, expected, found });
}

/** The blocks that were acknowledged are there, and are those. @param mark asked anew at each block */
export function watermarkComparison(mark: () => WatermarkValue, ends: readonly number[]): Companion {
  return {
    afterBlock: (_block, at) => checkAcknowledged(mark(), ends, at),
    atEnd: (at) => checkReached(mark(), at),
  };
}

function differs(folder: string, problem: string): Differs {
  return new Differs({ check: 'identity', key: folder, problem: `${folder}: ${problem}` });
}

/** Key and certificate in a folder belong together, and the certificate is of that authority. */
function checkIdentity(folder: string, root: string, expected?: string): void {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  // An agency that was registered and has not signed yet has a key and no certificate.
  if (!existsSync(certificateFile)) return;
  const pem = readFileSync(certificateFile, 'utf8');
  try {
    const certificate = new X509Certificate(pem);
    const authority = new X509Certificate(root);
    if (!certificate.verify(authority.publicKey))
      throw differs(folder, 'its certificate is not of the authority that block 0 names');
    if (expected !== undefined && pem !== expected) throw differs(folder, 'its certificate is not the one that block 0 names');
    if (!existsSync(keyFile)) return;
    const own = createPublicKey(readFileSync(keyFile)).export({ type: 'spki', format: 'der' });
    if (!own.equals(certificate.publicKey.export({ type: 'spki', format: 'der' })))
      throw differs(folder, 'its key is not that of its certificate');
  } catch (error) {
    throw error instanceof Differs ? error : differs(folder, (error as Error).message);
  }
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** Whoever signs in this folder is who block 0 says. */
export function identityComparison(folder: string): Companion {
  return {
    atEnd(_at, _state, { configuration, consenters }: ChannelInForce) {
      for (const [mspId, { roots }] of configuration.members) {
        const [root = ''] = roots;
        const own = join(folder, 'authorities', mspId);
        checkIdentity(join(own, 'ca'), root, root);
        checkIdentity(join(own, 'peer'), root);
        checkIdentity(join(own, 'orderer'), root, consenters.find((one) => one.mspId === mspId)?.certificate);
        for (const agency of subfolders(join(folder, 'identities', mspId))) checkIdentity(agency, root);
      }
    },
  };
}
