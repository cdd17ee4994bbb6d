/** Everything the API is built from: made once in `server.ts`, handed to whoever needs it. */
import type { Wallet } from '../network/identity/wallet.js';
import type { Ledger } from '../network/ledger.js';
import type { Anchors } from './anchors/anchors.js';
import type { RootReceipts } from './anchors/root-receipts.js';
import type { VerifyToken } from './auth/token-verifier.js';
import type { Calendar } from './calendar/working-days.js';
import type { Receipts } from './evidence/receipts.js';
import type { Freshness } from './freshness.js';
import type { Projection } from './projection/projection.js';
import type { Settings } from './settings.js';
import type { Store } from './store/store.js';
import type { Submissions } from './submission/submissions.js';
import type { Vault } from './vault/vault.js';
import type { GuessLimit } from './verification/guess-limit.js';
import type { DocumentHasher } from './verification/hash-document.js';

export interface Deps {
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly store: Store;
  readonly projection: Projection;
  readonly submissions: Submissions;
  readonly anchors: Anchors;
  /** whether every envelope that an earlier process left has an outcome */
  readonly envelopesSettled: () => boolean;
  /** how long a request waits for the ledger, in milliseconds */
  readonly deadlineMilliseconds: number;
  readonly receipts: Receipts;
  readonly rootReceipts: RootReceipts;
  readonly vault: Vault;
  readonly calendar: Calendar;
  readonly hasher: DocumentHasher;
  /** until when reads are known to be whole */
  readonly freshness: Pick<Freshness, 'staleAsOf'>;
  readonly guesses: GuessLimit;
  readonly verifyToken: VerifyToken;
  /** keys the handles under which operators appear in logs and registers */
  readonly operatorKey: Buffer;
  /** what a start still has to do, as a first one's demonstration records: not ready before it is done */
  readonly preparation: { done: boolean };
  /** milliseconds since the epoch */
  readonly clock: () => number;
}
