import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { StoreTransaction } from '../store/store.js';
import { requestFingerprint } from './fingerprint.js';
import { checkPerson, type Person, personText } from './person.js';
import { seal } from './seal.js';
import { personIndex, type Vault } from './vault.js';

export interface CreateSubject {
  readonly person: Person;
  readonly homeProvince: ProvinceCode;
  readonly agency: string;
  /** the client's idempotency key, where it sent one */
  readonly operation: string | undefined;
}

export type CreatedSubject =
  | { readonly outcome: 'created' | 'replayed'; readonly subject: string }
  /** the handle of this key was erased, and nothing is left that tells whether it was this person's */
  | { readonly outcome: 'erased' }
  | { readonly outcome: 'mismatch' };

/** HMAC-SHA-256(salt, type ‖ number), 64 hex: what a person proves to be theirs with salt and number. */
function subjectHandle(salt: Buffer, person: Person): string {
  return createHmac('sha256', salt).update(personText(person)).digest('hex');
}

async function earlier(vault: Vault, input: CreateSubject, fingerprint: string): Promise<CreatedSubject | undefined> {
  if (input.operation === undefined) return undefined;
  const row = await vault.store.db
    .selectFrom('vault_subject')
    .select(['subject', 'fingerprint'])
    .where('agency', '=', input.agency)
    .where('operation', '=', input.operation)
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.fingerprint === null) return { outcome: 'erased' };
  const same = timingSafeEqual(Buffer.from(row.fingerprint), Buffer.from(fingerprint));
  return same ? { outcome: 'replayed', subject: row.subject } : { outcome: 'mismatch' };
}

/**
 * An agency's keys are one scope, whatever they are for: the key takes its place among those of the writes
 * to the ledger, with a fingerprint that no request has. That of this request would outlive the erasure of
 * its handle, and tell whoever has the vault's key whether a number was the one.
 */
async function claimKey(db: StoreTransaction, { agency, operation }: CreateSubject, createdAt: string): Promise<boolean> {
  if (operation === undefined) return true;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('submission')
    .values({
      agency,
      operation,
      fingerprint: randomBytes(32).toString('hex'),
      state: 'done',
      function: 'vault:CreateSubject',
      input: '',
      context: '',
      transaction_id: null,
      status: null,
      headers: null,
      body: null,
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.columns(['agency', 'operation']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows !== 0n;
}

/**
 * A fresh handle for one matter of a person, durable before it is answered.
 * @throws Refusal `request.id-invalid`
 */
export async function createSubject(vault: Vault, input: CreateSubject): Promise<CreatedSubject> {
  checkPerson(input.person);
  const fingerprint = requestFingerprint(vault.keys, input.homeProvince, input.person);
  const known = await earlier(vault, input, fingerprint);
  if (known) return known;
  const salt = randomBytes(32);
  const subject = subjectHandle(salt, input.person);
  const createdAt = new Date(vault.clock()).toISOString();
  const isStored = await vault.store.durable.transaction().execute(async (transaction) => {
    if (!(await claimKey(transaction, input, createdAt))) return false;
    await transaction
      .insertInto('vault_subject')
      .values({
        subject,
        agency: input.agency,
        home_province: input.homeProvince,
        state: 'held',
        person: personIndex(vault, input.homeProvince, input.person),
        sealed: seal(vault.keys.data, subject, JSON.stringify({ ...input.person, salt: salt.toString('hex') })),
        operation: input.operation ?? null,
        fingerprint: input.operation === undefined ? null : fingerprint,
        created_at: createdAt,
        erased_at: null,
      })
      .execute();
    return true;
  });
  if (isStored) return { outcome: 'created', subject };
  // The same key came twice at once and the other one was first, or it is that of a write to the ledger.
  return (await earlier(vault, input, fingerprint)) ?? { outcome: 'mismatch' };
}
