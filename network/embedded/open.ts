/** Opens the embedded ledger in a data folder, making a new one in an empty folder. */
import { openWallet, type Wallet } from '../identity/wallet.js';
import type { Ledger } from '../ledger.js';
import { REGISTRARS, type Registrar } from '../registrars.js';
import type { VerificationState } from './background-verification.js';
import { foundRegistrars } from './genesis.js';
import { type KeyVersionRecord, keyHistory } from './key-history.js';
import { EmbeddedLedger } from './ledger.js';
import { type EmbeddedNode, type EmbeddedOptions, openNode } from './node.js';

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
  /** Every version of a key, oldest first, with the transaction that wrote it. */
  history(key: string): Promise<readonly KeyVersionRecord[]>;
}

async function assemble(node: EmbeddedNode, options: EmbeddedOptions): Promise<Embedded> {
  const { folder, clock = Date.now } = options;
  const { provinces, committer, files, readiness, endorser } = node;
  const authorities = new Map(provinces.map(({ province, authority }) => [province.code, authority]));
  const wallet = options.wallet ?? openWallet({ folder, authorities, clock });
  const ledger = new EmbeddedLedger({
    endorser,
    peers: provinces.map(({ peer }) => peer),
    roots: new Map(provinces.map(({ authority }) => [authority.mspId, authority.certificate])),
    committer,
    follow: { log: files.log, state: files.state, committer, closed: node.closed },
    readiness,
    clock,
    close: () => node.close(),
  });
  await foundRegistrars(ledger, wallet, endorser.state);
  const health = () => ({
    ready: readiness.reason === undefined,
    ...(readiness.reason === undefined ? {} : { reason: readiness.reason }),
    verification: node.verification.state(),
  });
  return { ledger, wallet, registrars: REGISTRARS, health, history: (key) => keyHistory(files, key) };
}

/**
 * @throws DataFolderRefused when the folder is in use, damaged, or of another format's version: nothing
 *   in it was changed, but for a record that was never finished, which is cut off and kept beside the log
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const node = await openNode(options);
  try {
    return await assemble(node, options);
  } catch (error) {
    await node.close();
    throw error;
  }
}
