/** What the evidence of a thing is given as. */
import Type from 'typebox';
import { OneOf } from '../../../chaincode/schemas/primitives.js';
import { EVIDENCE_FORMAT, THING_TYPES } from '../../../network/proof/evidence/bundle.js';
import { AnyObject } from '../document.js';
import { ReceiptAnswer } from './evidence.js';

/** In the order of canonical JSON, as a receipt. */
export const EvidenceAnswer = Type.Object(
  {
    format: OneOf([EVIDENCE_FORMAT]),
    receipts: Type.Array(ReceiptAnswer, { description: 'signed records: all that the story tells follows from them' }),
    story: Type.Object(
      {
        agencies: Type.Array(AnyObject, { description: 'records of those who acted' }),
        anchored: Type.Optional(Type.Array(AnyObject, { description: 'records anchored under a case, with their paths' })),
        asOf: Type.String({ format: 'date-time', description: 'the day that the statuses are of' }),
        captures: Type.Array(AnyObject, { description: 'how each digest came about, and how long it took to the ledger' }),
        case: Type.Optional(AnyObject),
        catalogue: Type.Optional(Type.Object({ contentDigest: Type.String(), votes: Type.Array(AnyObject) })),
        certificates: Type.Optional(Type.Array(AnyObject)),
        copies: Type.Optional(Type.Array(AnyObject)),
        count: Type.Optional(Type.Unknown({ description: 'uses taken of a limited grant; null before the first' })),
        data: Type.Optional(
          Type.Array(
            Type.Object(
              { catalogue: AnyObject, count: Type.Optional(Type.Unknown()), grant: AnyObject, uses: Type.Array(AnyObject) },
              { additionalProperties: false },
            ),
            {
              description:
                'the data used in a case by agencies that have to do with it, under grants that the asker may read: each with the attempts to use it',
            },
          ),
        ),
        grant: Type.Optional(AnyObject),
        status: Type.Array(AnyObject, { description: 'how things stood on the day, the thing itself first' }),
        timeline: Type.Optional(Type.Array(AnyObject)),
        uses: Type.Optional(Type.Array(AnyObject)),
        withheld: Type.Optional(
          Type.Array(Type.String(), {
            description: 'keys of what is named and not shown: the reader may not see it, or it is not there',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    thing: Type.Object({ id: Type.String(), type: OneOf(THING_TYPES) }),
  },
  { description: 'canonical JSON (RFC 8785); check it with npm run verify' },
);
