/** A grant's status on a day, and whether a use kept within its grant: computed again from signed records. */
import type { Version } from '../answer.js';
import { type Json, type JsonObject, listOf, objectOf, stringOf } from '../canonical-json.js';
import { require } from '../faults.js';
import { instantOf } from './time.js';

const MOST_STEPS = 100_000;

/** Which status a step leads to; a step without one leaves it. */
const LEADS_TO: Readonly<Record<string, string>> = {
  approved: 'active',
  refused: 'refused',
  'supplement-requested': 'supplement',
  supplemented: 'requested',
  suspended: 'suspended',
  resumed: 'active',
  revoked: 'revoked',
  ended: 'ended',
};
/** Steps of the agency that holds the grant; all others are the provider's. */
const GRANTEES = ['supplemented', 'ended', 'disposed'];

/** @throws Malformed */
export function stepsOf(grant: JsonObject): JsonObject[] {
  return listOf(grant.steps, MOST_STEPS).map(objectOf);
}

function statusAfter({ shareClass }: JsonObject, steps: readonly JsonObject[]): string {
  const first = shareClass === 'unconditional' ? 'active' : 'requested';
  return steps.reduce((status, { step }) => LEADS_TO[stringOf(step)] ?? status, first);
}

/** As the steps recorded by then left it; only what is in force runs out. `not-recorded` before its request. @throws Malformed */
export function grantStatus(grant: JsonObject, asOf: string): JsonObject {
  const day = instantOf(asOf);
  if (day < instantOf(grant.requestedAt)) return { verdict: 'not-recorded' };
  const taken = stepsOf(grant).filter(({ recordedAt }) => instantOf(recordedAt) <= day);
  const status = statusAfter(grant, taken);
  const inForce = status === 'active' || status === 'suspended';
  const step = taken.at(-1);
  const verdict = inForce && instantOf(grant.validTo) < day ? 'expired' : status;
  return { verdict, ...(step && { step }) };
}

/** Each step by the side whose it is, and the status what the steps lead to. @throws Fault `proof.entitlement` */
export function requireSteps(grant: JsonObject): void {
  for (const { step, agency } of stepsOf(grant)) {
    const side = GRANTEES.includes(stringOf(step)) ? grant.grantee : grant.provider;
    require(agency === side, 'proof.entitlement', `the step ${step} was not for ${agency} to take`);
  }
  const isLed = statusAfter(grant, stepsOf(grant)) === grant.status;
  require(isLed, 'proof.entitlement', 'the steps lead to another status than the signed record has');
}

function isInside(use: JsonObject, grant: JsonObject): boolean {
  const fields = listOf(grant.fields, MOST_STEPS);
  const at = instantOf(use.recordedAt);
  const [asked, granted] = [objectOf(use.purpose), objectOf(grant.purpose)];
  return (
    use.grantId === grant.grantId &&
    use.agency === grant.grantee &&
    asked.itemCode === granted.itemCode &&
    asked.code === granted.code &&
    listOf(use.fields, MOST_STEPS).every((field: Json) => fields.includes(field)) &&
    (grant.subject === undefined || use.subject === grant.subject) &&
    instantOf(grant.validFrom) <= at &&
    at <= instantOf(grant.validTo)
  );
}

/**
 * A permitted use lies inside its grant. Whether the grant was active then can be told where nothing was done with it
 * since: recorded times of two transactions say nothing of their order, places in blocks do.
 * @throws Fault `proof.entitlement`
 */
export function requireInside(
  use: JsonObject,
  grant: JsonObject,
  places: { readonly use: Version | undefined; readonly grant: Version | undefined },
): void {
  if (use.decision !== 'permitted') return;
  require(isInside(use, grant), 'proof.entitlement', `use ${use.useId} lies outside its grant`);
  const isLater = places.use !== undefined && places.grant !== undefined && isAfter(places.use, places.grant);
  require(!isLater || grant.status === 'active', 'proof.entitlement', `use ${use.useId} came when its grant was not active`);
}

export function isAfter(left: Version, right: Version): boolean {
  return left.block > right.block || (left.block === right.block && left.position > right.position);
}
