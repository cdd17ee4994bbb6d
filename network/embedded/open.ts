/** Opens the embedded ledger in a data folder, making a new one in an empty folder. */
import { PROVINCES } from '../../chaincode/provinces.js';
import { DataFolderRefused } from '../errors.js';
import { decodeBlock } from '../format/block.js';
import { rootCertificatesOf } from '../format/config.js';
import { Membership } from '../identity/msp.js';
import { openProvince, type ProvinceIdentities } from '../identity/province.js';
import { openWallet, type Wallet } from '../identity/wallet.js';
import type { Ledger } from '../ledger.js';
import { REGISTRARS, type Registrar } from '../registrars.js';
import { backgroundVerification, type VerificationState } from './background-verification.js';
import { Committer } from './committer.js';
import { createDispatcher, type Dispatcher } from './dispatcher.js';
import { pathsOf } from './folder.js';
import { FILE_HEADER_LENGTH } from './frame.js';
import { commitConfiguration, foundRegistrars } from './genesis.js';
import { EmbeddedLedger } from './ledger.js';
import { lockFolder } from './lock.js';
import { Readiness } from './readiness.js';
import { type OpenedFiles, openFiles } from './recovery.js';
import { DamagedState } from './state-store.js';

export interface EmbeddedOptions {
  /** DATA_DIR */
  readonly folder: string;
  /** milliseconds since the epoch; the system's clock unless given */
  readonly clock?: () => number;
  readonly log?: (message: string) => void;
  /** 3 executes every proposal three times and compares; 1 unless given */
  readonly executions?: 1 | 3;
  /** what executes; the contracts through fabric-shim unless given */
  readonly createDispatcher?: () => Promise<Dispatcher>;
}

export interface EmbeddedHealth {
  /** false after a failure; then every call throws LedgerUnavailable */
  readonly ready: boolean;
  readonly reason?: string;
  /** the check of the whole log that runs behind the scenes after opening */
  readonly verification: VerificationState;
}

export interface Embedded {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly registrars: readonly Registrar[];
  health(): EmbeddedHealth;
}

/** The members' roots as block 0 states them, which must be those that the folder's authorities have. */
async function membershipOf(files: OpenedFiles, provinces: readonly ProvinceIdentities[]): Promise<Membership> {
  const ours = new Map<string, string>(provinces.map(({ authority }) => [authority.mspId, authority.certificate]));
  if (files.head.height === 0) return new Membership(ours);
  const { bytes } = await files.log.read(0, FILE_HEADER_LENGTH);
  const roots = rootCertificatesOf(decodeBlock(bytes).data[0] ?? Buffer.alloc(0));
  for (const [mspId, certificate] of ours)
    if (roots.get(mspId) !== certificate)
      throw new DataFolderRefused(
        'damaged',
        `the authority of ${mspId} is not the one in block 0: restore DATA_DIR/authorities from a backup`,
        0,
      );
  return new Membership(roots);
}

/**
 * @throws DataFolderRefused when the folder is in use, damaged, or of another format's version: nothing
 *   in it was changed, but for a record that was never finished, which is cut off
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { folder, clock = Date.now, log = () => {}, executions = 1 } = options;
  const lock = lockFolder(folder);
  const undo: (() => unknown)[] = [() => lock.release()];
  try {
    const paths = pathsOf(folder);
    const files = await openFiles(paths, log);
    undo.unshift(
      () => files.log.close(),
      () => files.watermark.close(),
      () => files.state.close(),
    );
    const isNew = files.head.height === 0;
    const provinces = await Promise.all(PROVINCES.map((province) => openProvince(folder, province, clock(), isNew)));
    const membership = await membershipOf(files, provinces);
    const readiness = new Readiness(log);
    const state = {
      get: (key: string) => {
        try {
          return files.state.get(key);
        } catch (error) {
          if (error instanceof DamagedState) {
            files.state.forget();
            readiness.fail(`${error.message}: start again, and it is made anew from the block log`);
          }
          throw error;
        }
      },
    };
    const orderers = provinces.map(({ orderer }) => orderer);
    const committer = new Committer({ membership, orderers, readiness, ...files }, files.head);
    if (isNew) await commitConfiguration(committer, provinces, clock());
    const dispatchers = [];
    for (let count = 0; count < executions; count += 1) dispatchers.push(await (options.createDispatcher ?? createDispatcher)());
    const ended = new AbortController();
    const verification = backgroundVerification(paths.log, () => committer.head.height, ended.signal, log);
    const close = async () => {
      if (ended.signal.aborted) return;
      ended.abort();
      await committer.close();
      await verification.done;
      for (const step of undo) await step();
    };
    const authorities = new Map(provinces.map(({ province, authority }) => [province.code, authority]));
    const wallet = openWallet({ folder, authorities, clock });
    const ledger = new EmbeddedLedger({
      endorser: { membership, dispatchers, state, height: () => committer.head.height, clock },
      peers: provinces.map(({ peer }) => peer),
      committer,
      follow: { log: files.log, state: files.state, committer, closed: ended.signal },
      readiness,
      clock,
      close,
    });
    await foundRegistrars(ledger, wallet, state);
    const health = () => ({
      ready: readiness.reason === undefined,
      ...(readiness.reason === undefined ? {} : { reason: readiness.reason }),
      verification: verification.state(),
    });
    return { ledger, wallet, registrars: REGISTRARS, health };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}
