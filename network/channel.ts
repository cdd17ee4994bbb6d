/** What the ledger is called: the same names on both adapters. */
import { CODE_DIGEST } from '../chaincode/generated/code-digest.js';

export const CHANNEL = 'delta';
export const CHAINCODE_NAME = 'trust';
/** With the digest of the contracts in it, so that every endorsement says which code it ran. */
export const CHAINCODE_VERSION = `1-${CODE_DIGEST.slice(0, 16)}`;
/** The endorsement policy: so many of the four provinces' peers. */
export const ENDORSEMENTS_REQUIRED = 3;
/** A peer refuses a transaction whose declared time is further from its own clock. */
export const TIME_WINDOW_MS = 5 * 60_000;
