/** The catalogue version that a thing was made under: what it says, and that the four provinces approved that very content. */
import { type JsonObject, listOf, objectOf, stringOf } from '../canonical-json.js';
import { require } from '../faults.js';
import type { Primitives } from '../primitives.js';
import { keyOf, type Look, recordAt } from './records.js';
import { hashOf } from './timeline.js';

const MOST_VOTES = 16;

/** @throws Malformed */
export function votesOf(version: JsonObject): JsonObject[] {
  return listOf(version.votes, MOST_VOTES).map(objectOf);
}

/** A version and who voted on it. @throws Malformed */
export async function catalogueOf(look: Look, kind: string, code: string, version: number) {
  const catalogue = await recordAt(look, keyOf('catalogue-version', kind, code, version));
  return { catalogue, voters: votesOf(catalogue).map(({ agency }) => stringOf(agency)) };
}

/**
 * @param provinces codes of the provinces in the trust file @param agencies records of those who voted, by credit code
 * @throws Fault `proof.catalogue`
 */
export function requireApproved(
  sha256: Primitives['sha256'],
  version: JsonObject,
  provinces: readonly string[],
  agencies: ReadonlyMap<string, JsonObject>,
): void {
  const { content, contentDigest } = version;
  const isSame = hashOf(sha256, objectOf(content)) === contentDigest;
  require(isSame, 'proof.catalogue', 'the content is not the one that its digest is of');
  const votes = votesOf(version);
  for (const { vote, contentDigest: votedOn, province, agency } of votes) {
    const isApproval = vote === 'approve' && votedOn === contentDigest;
    require(isApproval, 'proof.catalogue', `the vote of ${province} does not approve this content`);
    const isOwn = agencies.get(stringOf(agency))?.province === province;
    require(isOwn, 'proof.catalogue', `the vote of ${province} is by an agency of another province`);
  }
  const all = votes.length === provinces.length && provinces.every((code) => votes.some(({ province }) => province === code));
  require(all && version.publishedAt !== undefined, 'proof.catalogue', 'not every province approved this content');
}
