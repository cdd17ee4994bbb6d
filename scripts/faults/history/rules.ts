/** Rules of the domain that a fault could break though every single answer was right: twice, and too often. */
import { type Place, type View, validOf } from './view.js';

function parsed<T>(place: Place, prefix: string): T[] {
  const { writes } = place.transaction;
  return writes.flatMap(({ key, value }) => (key.startsWith(prefix) && value !== null ? [JSON.parse(value) as T] : []));
}

interface Grant {
  readonly grantId: string;
  readonly maxUses?: number;
  readonly status: string;
}

interface Use {
  readonly useId: string;
  readonly grantId: string;
  readonly decision: 'permitted' | 'denied';
}

/** What is wrong with the so-manieth permitted use of a grant, as the grant stood then. */
function excess({ grantId, useId }: Use, times: number, grant: Grant | undefined): string[] {
  const broken = times > (grant?.maxUses ?? Number.POSITIVE_INFINITY) ? [`grant ${grantId} was used ${times} times`] : [];
  if (grant && grant.status !== 'active') broken.push(`use ${useId} was permitted while its grant was ${grant.status}`);
  return broken;
}

/** Permitted uses beyond what the grant allows, or after its revocation. */
function overused(places: readonly Place[]): string[] {
  const grants = new Map<string, Grant>();
  const used = new Map<string, number>();
  const broken: string[] = [];
  for (const place of places) {
    for (const use of parsed<Use>(place, 'use~').filter(({ decision }) => decision === 'permitted')) {
      const times = (used.get(use.grantId) ?? 0) + 1;
      used.set(use.grantId, times);
      broken.push(...excess(use, times, grants.get(use.grantId)));
    }
    for (const grant of parsed<Grant>(place, 'grant~')) grants.set(grant.grantId, grant);
  }
  return broken;
}

/** What is written once and never again: whoever writes the key a second time has overwritten the first. */
function rewritten(places: readonly Place[]): string[] {
  const ONCE = ['operation~', 'entry~', 'use~', 'certificate-digest~', 'agency~'];
  const seen = new Set<string>();
  const broken: string[] = [];
  for (const { transaction } of places)
    for (const { key } of transaction.writes) {
      if (!ONCE.some((prefix) => key.startsWith(prefix))) continue;
      if (seen.has(key)) broken.push(`${key} was written twice, the second time by ${transaction.id}`);
      seen.add(key);
    }
  return broken;
}

/** An offer is accepted once. */
function acceptedTwice(places: readonly Place[]): string[] {
  const accepted = places.filter(({ transaction }) => transaction.function === 'case:AcceptHandoff');
  const keys = accepted.flatMap(({ transaction }) =>
    transaction.writes.map(({ key }) => key).filter((key) => key.startsWith('handoff~')),
  );
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => `${key} was accepted twice`);
}

/** Sentences; none when every rule was kept. The workload changes no agency, so each is written once. */
export function brokenRules(view: View): string[] {
  const places = validOf(view);
  return [...overused(places), ...rewritten(places), ...acceptedTwice(places)];
}
