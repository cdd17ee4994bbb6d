/**
 * What a portal is shown for a person who stands before it: who used their data, and where their cases stand. Over all
 * handles that the vault of the portal's province links; a person whom it does not know has used none and has no cases.
 */
import { periodOf } from '../audit/period.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import type { Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import type { ListedRecord } from '../projection/lists.js';
import { listCasesOf } from '../projection/person-cases.js';
import { findAgency } from '../projection/records.js';
import { listTrace, type TraceRow } from '../projection/trace/read-trace.js';
import { type LookAction, recordLook } from '../store/read-log.js';
import { handlesOf } from '../vault/linked-subjects.js';
import { checkPerson, type Person } from '../vault/person.js';

type PersonDeps = Pick<Deps, 'store' | 'vault' | 'clock'>;

/** What a look at nobody's records is entered under. */
const NOBODY = 'nobody';

/**
 * The handles, once the look is recorded. It names one handle, which leads to the person through the vault as long as its
 * salt is there: a list of them would link them for ever, and anything made of the number could be tried.
 */
async function handlesFor(
  deps: PersonDeps,
  principal: Principal,
  action: LookAction,
  person: Person,
): Promise<readonly string[]> {
  checkPerson(person);
  const agency = await findAgency(deps.store, principal.agencyId);
  if (agency?.kind !== 'portal') throw new Problem('auth.agency');
  const handles = await handlesOf(deps.vault, principal.province, person);
  await recordLook(deps, { principal, action, thing: handles[0] ?? NOBODY });
  return handles;
}

/** Every attempt to use the person's data, denied ones too. @throws Problem `auth.agency`, Refusal, LookNotRecorded */
export async function traceOfPerson(deps: PersonDeps, principal: Principal, person: Person, page: Page): Promise<TraceRow[]> {
  const values = await handlesFor(deps, principal, 'subject.trace', person);
  return listTrace(deps.store, { filter: 'subject', values, extent: 'uses', ...periodOf({}) }, page);
}

/** @throws Problem `auth.agency`, Refusal, LookNotRecorded */
export async function casesOfPerson(deps: PersonDeps, principal: Principal, person: Person, page: Page): Promise<ListedRecord[]> {
  const handles = await handlesFor(deps, principal, 'subject.cases', person);
  return listCasesOf(deps.store, handles, page);
}
