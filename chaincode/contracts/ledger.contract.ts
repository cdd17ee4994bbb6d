import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { Refusal } from '../errors.js';
import { CODE_DIGEST } from '../generated/code-digest.js';
import { parseKey } from '../state/keys.js';
import { attestCertificate } from '../transactions/certificate/attest-certificate.js';
import { attestRecords } from '../transactions/ledger/attest-records.js';

/** Read-only: what peers sign when a receipt is asked for. */
@Info({ title: 'ledger', description: 'Records as they stand, and the identity of this code' })
export class LedgerContract extends Contract {
  constructor() {
    super('ledger');
  }

  /** The record under a key as stored (canonical JSON), or an empty string when there is none. */
  @Param('recordKey', 'string')
  @Returns('string')
  @Transaction(false)
  async ReadRecord(ctx: Context, recordKey: string): Promise<string> {
    if (!parseKey(recordKey)) throw new Refusal('request.id-invalid', { fields: [{ path: '/key', message: 'no such key' }] });
    return Buffer.from(await ctx.stub.getState(recordKey)).toString('utf8');
  }

  /** Records under keys, with channel, code and time: what a receipt is made of. */
  @Param('question', 'string')
  @Returns('string')
  @Transaction(false)
  async AttestRecords(ctx: Context, question: string): Promise<string> {
    return attestRecords(ctx, question);
  }

  /** A certificate's public part and its status at a time. */
  @Param('question', 'string')
  @Returns('string')
  @Transaction(false)
  async AttestCertificate(ctx: Context, question: string): Promise<string> {
    return attestCertificate(ctx, question);
  }

  /** SHA-256 over the contracts' sources, compiled in; four provinces compare theirs. */
  @Returns('string')
  @Transaction(false)
  async GetCodeInfo(_ctx: Context): Promise<string> {
    return JSON.stringify({ codeDigest: CODE_DIGEST });
  }
}
