/** The four plain answers that a bundle's judgement comes to. "Revoked" is one of them, not an error. */
import { type JsonObject, objectOf, stringOf } from '../canonical-json.js';
import type { NamedCheck } from '../checks.js';
import { partOf } from './bundle.js';

export type Plain = 'yes' | 'no' | 'unknown';

export interface Answers {
  /** what is told is what was signed, whole and unaltered */
  readonly intact: Plain;
  /** the ledger that the reader trusts holds it */
  readonly anchored: Plain;
  /** who acted was the one to, under a catalogue version that all provinces approved */
  readonly entitled: Plain;
  /** how the thing and what belongs to it stood on the day; empty unless it is intact and anchored */
  readonly status: readonly JsonObject[];
}

const INTACT = [
  'bundle',
  'told',
  'timeline',
  'leaves',
  'status',
  'captures',
  'form',
  'signatures',
  'answer',
  'records',
  'document',
];
const ANCHORED = ['form', 'signatures', 'answer', 'ledger', 'records', 'signers', 'revocation', 'assurance'];
const ENTITLED = ['catalogue', 'entitlement'];
const OPTIONAL = ['catalogue', 'revocation', 'document'];

function plain(checks: readonly NamedCheck<string>[], names: readonly string[]): Plain {
  const counting = checks.filter(
    ({ name, result }) => names.includes(name) && !(result === 'skipped' && OPTIONAL.includes(name)),
  );
  if (counting.some(({ result }) => result === 'fail')) return 'no';
  return counting.every(({ result }) => result === 'pass') ? 'yes' : 'unknown';
}

const LICENCE_ROOT = '1.2.156.3005.2.';

/** Some real identifiers of GB/T 36904 carry a division code as their issuer: nothing in them names who signed. */
function namesIssuer({ certificateId, batch, record }: JsonObject): boolean {
  const source = batch ?? record;
  if (source === undefined) return true;
  const [id, issuer] = [stringOf(certificateId), stringOf(objectOf(source).issuer)];
  return id.startsWith(LICENCE_ROOT) ? id.slice(LICENCE_ROOT.length).split('.')[1] === issuer : id.startsWith(`${issuer}-`);
}

/** @param story undefined when none could be made of what was signed */
export function answersOf(checks: readonly NamedCheck<string>[], story: JsonObject | undefined): Answers {
  const intact = plain(checks, INTACT);
  const anchored = plain(checks, ANCHORED);
  const entitled = plain(checks, ENTITLED);
  // Who may do what is read from records: it is known as far as those are.
  if (!story || intact !== 'yes' || anchored !== 'yes')
    return { intact, anchored, entitled: entitled === 'no' ? 'no' : 'unknown', status: [] };
  const isNamed = partOf(story, 'certificates').every(namesIssuer);
  return { intact, anchored, entitled: entitled === 'yes' && !isNamed ? 'unknown' : entitled, status: partOf(story, 'status') };
}
