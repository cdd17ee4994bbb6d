/** An auditor's question: who did what to a thing, and who was denied. */
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import type { Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { listTrace, type TraceQuestion, type TraceRow } from '../projection/trace/read-trace.js';
import { recordLook } from '../store/read-log.js';
import { findSubject } from '../vault/find-subject.js';
import { linkedWith } from '../vault/linked-subjects.js';
import type { Vault } from '../vault/vault.js';

export interface Question extends Omit<TraceQuestion, 'values'> {
  readonly value: string;
}

/**
 * What the handle's person is known by. A handle that this vault never made links nothing, and says no more than cases,
 * grants and uses do, which auditors of every province read: it is traced alone.
 * @throws Problem `auth.province` for a handle of another home province
 */
async function handlesBehind(vault: Vault, { province }: Principal, subject: string): Promise<readonly string[]> {
  const known = await findSubject(vault, subject);
  if (!known) return [subject];
  if (known.homeProvince !== province) throw new Problem('auth.province');
  return linkedWith(vault, subject);
}

/**
 * One row more than the page, which tells whether there are more. The look is recorded first.
 * @throws Problem `auth.province`, LookNotRecorded
 */
export async function trace(
  deps: Pick<Deps, 'store' | 'vault' | 'clock'>,
  principal: Principal,
  { value, ...question }: Question,
  page: Page,
): Promise<TraceRow[]> {
  const { filter } = question;
  const values = filter === 'subject' ? await handlesBehind(deps.vault, principal, value) : [value];
  await recordLook(deps, { principal, action: `trace.${filter}`, thing: value });
  return listTrace(deps.store, { ...question, values }, page);
}
