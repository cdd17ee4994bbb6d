/**
 * Erasure follows the ledger: the entry there comes first and is the decision, the salt goes when the
 * entry is seen. Killed in between, or restored from a backup, the vault finds the entry in the
 * projection and erases again. An entry binds only the handle's maker: a stranger's changes nothing here.
 */
import type { Vault } from './vault.js';

async function clearRows(vault: Vault): Promise<void> {
  const due = await vault.store.db
    .selectFrom('subject_erasure as erasure')
    .innerJoin('vault_subject as held', (join) =>
      join.onRef('held.subject', '=', 'erasure.subject').onRef('held.agency', '=', 'erasure.agency_id'),
    )
    .select('held.subject')
    .where('held.state', '=', 'held')
    .execute();
  if (due.length === 0) return;
  await vault.store.durable
    .updateTable('vault_subject')
    .set({ state: 'erasing', person: null, sealed: null, fingerprint: null, erased_at: new Date(vault.clock()).toISOString() })
    .where(
      'subject',
      'in',
      due.map((row) => row.subject),
    )
    .execute();
}

/**
 * Erases what is due, and what an earlier try has left on the disk: a row is erased when the scrub is done.
 * @returns the handles whose salts went; nothing of them is left on the disk when it returns
 */
export async function eraseRecordedSubjects(vault: Vault): Promise<string[]> {
  await clearRows(vault);
  const rows = await vault.store.db.selectFrom('vault_subject').select('subject').where('state', '=', 'erasing').execute();
  const subjects = rows.map((row) => row.subject);
  if (subjects.length === 0) return subjects;
  await vault.store.scrub();
  await vault.store.durable.updateTable('vault_subject').set({ state: 'erased' }).where('subject', 'in', subjects).execute();
  return subjects;
}
