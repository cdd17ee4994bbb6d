/** Which handles are one person's. The vault of the home province alone can tell. */
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { checkPerson, type Person } from './person.js';
import { personIndex, type Vault } from './vault.js';

/** The oldest first. What the ledger says is erased links nothing, whether or not its row is cleared yet. */
async function handlesUnder({ store }: Vault, index: string): Promise<string[]> {
  const rows = await store.db
    .selectFrom('vault_subject as held')
    .select('held.subject')
    .where('held.person', '=', index)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('subject_erasure as erasure')
            .select('erasure.subject')
            .whereRef('erasure.subject', '=', 'held.subject')
            .whereRef('erasure.agency_id', '=', 'held.agency'),
        ),
      ),
    )
    .orderBy('held.created_at')
    .orderBy('held.subject')
    .execute();
  return rows.map(({ subject }) => subject);
}

/** Every handle that a province's vault holds for one person. @throws Refusal `request.id-invalid` */
export function handlesOf(vault: Vault, province: ProvinceCode, person: Person): Promise<string[]> {
  checkPerson(person);
  return handlesUnder(vault, personIndex(vault, province, person));
}

/** All handles of the person behind one, itself among them; itself alone where its salt was erased or never was here. */
export async function linkedWith(vault: Vault, subject: string): Promise<string[]> {
  const row = await vault.store.db.selectFrom('vault_subject').select('person').where('subject', '=', subject).executeTakeFirst();
  const linked = row?.person ? await handlesUnder(vault, row.person) : [];
  return linked.includes(subject) ? linked : [subject];
}
