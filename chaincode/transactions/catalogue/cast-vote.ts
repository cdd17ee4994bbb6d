import Type from 'typebox';
import { PROVINCES } from '../../provinces.js';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Code, Hash, OneOf } from '../../schemas/primitives.js';
import { type CatalogueHeadRecord, loadHead, VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, loadVersion, type Vote, versionKey } from './catalogue-version.js';
import { publish } from './publish.js';

/** After the consultation's result where one was opened or must be, and not once a newer version is published. */
function votable({ kind, status, version }: CatalogueVersionRecord, { published }: CatalogueHeadRecord): boolean {
  const overtaken = published !== undefined && published > version;
  return !overtaken && (status === 'consulted' || (status === 'draft' && kind !== 'service-items'));
}

/** The round ends: its votes are void, and a consultation has to be opened anew. */
function rejected({ consultation: _closed, ...version }: CatalogueVersionRecord, rejection: Vote): CatalogueVersionRecord {
  return { ...version, status: 'draft', votes: [], rejection, recordedAt: rejection.time };
}

/** One vote a province in each round; four approvals publish, one rejection returns the version to draft. */
export const castVote = defineTransaction({
  contract: 'catalogue',
  name: 'CastVote',
  roles: ['catalogue-editor'],
  path: VERSION_PATH,
  body: { vote: OneOf(['approve', 'reject']), contentDigest: Hash, reason: Type.Optional(Code) },
  async apply(tx, { kind, code, version, ...ballot }) {
    const before = await loadVersion(tx, kind, code, version);
    const head = await loadHead(tx, kind, code);
    const { agencyId, province } = tx.caller;
    ensure(votable(before, head), 'catalogue.state', { state: before.status });
    ensure(!before.votes.some((earlier) => earlier.province === province.code), 'catalogue.voted', { id: province.code });
    ensure(ballot.contentDigest === before.contentDigest, 'catalogue.content');
    const time = recordedAt(tx, before);
    const vote: Vote = { ...ballot, province: province.code, agency: agencyId, time, transaction: tx.id };
    const counted: CatalogueVersionRecord = { ...before, votes: [...before.votes, vote], recordedAt: time };
    const agreed = counted.votes.length === PROVINCES.length;
    const record = vote.vote === 'reject' ? rejected(before, vote) : agreed ? await publish(tx, counted, head) : counted;
    tx.state.put(versionKey(kind, code, version), record);
    return { ...record };
  },
});
