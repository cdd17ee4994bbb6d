/** Anchoring records in bulk: of cases and others, now and then one that is not what it says. */
import { packedRoot } from '../../../chaincode/merkle/packed.js';
import { WRITERS } from '../../../chaincode/transactions/anchor/anchor-records.js';
import type { AnchoredRecord } from '../../../chaincode/transactions/anchor/record.js';
import { anchored, batchInput } from '../../support/anchor-content.js';
import type { Dice } from '../dice.js';
import type { Model } from '../state.js';
import { accepted, actorOr, refused, type Verb } from '../verb.js';
import { caseName } from './case-parties.js';

type Columns = ReturnType<typeof batchInput>;

function record(model: Model, dice: Dice, agency: string, index: number): AnchoredRecord {
  // A record id comes back in later batches: which of them stands is for readers in block order.
  const recordId = dice.chance(97) ? `record-${index}-${dice.of(['a', 'b'])}` : 'record-twice';
  return anchored(agency, recordId, dice.chance(50) ? { caseId: caseName(model, dice) } : {});
}

const anchorRecords: Verb = {
  fn: 'anchor:AnchorRecords',
  roles: WRITERS,
  weight: 2,
  propose: (model, dice) => {
    const actor = actorOr(model, dice, undefined, ...WRITERS);
    const agency = dice.chance(97) ? actor.agencyId : dice.of(model.actors()).agencyId;
    const records = dice.of([[0], [0, 1], [0, 1, 2, 3, 4]]).map((index) => record(model, dice, agency, index));
    return { actor, input: { ...batchInput(records) } };
  },
  judge: (_model, { input, actor, transactionId }) => {
    const { leaves, tags, cases } = input as unknown as Columns;
    const packed = Buffer.from(leaves, 'base64');
    const size = packed.length / 32;
    const spelt = Buffer.from(tags, 'base64').toString('hex');
    const ids = new Set(Array.from({ length: size }, (_, index) => spelt.slice(24 * index, 24 * (index + 1))));
    if (ids.size < size) return refused('request.invalid');
    // What travels in clear must be the caller's own: under another agency's name its leaves would be other ones.
    const own = cases?.recordId.map((recordId, row) =>
      anchored(actor.agencyId, recordId, { caseId: cases.caseId[row] as string }),
    );
    for (const [row, index] of (cases?.index ?? []).entries()) {
      const alone = Buffer.from(batchInput([(own ?? [])[row] as AnchoredRecord]).leaves, 'base64');
      if (!alone.equals(packed.subarray(32 * index, 32 * (index + 1)))) return refused('request.invalid');
    }
    return accepted({ batchId: transactionId, agency: actor.agencyId, size, root: packedRoot(packed) });
  },
};

export const ANCHOR_VERBS: readonly Verb[] = [anchorRecords];
