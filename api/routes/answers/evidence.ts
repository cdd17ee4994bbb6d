/** What evidence is given as. */
import Type from 'typebox';
import { OneOf, ProvinceId } from '../../../chaincode/schemas/primitives.js';
import { RECEIPT_FORMAT } from '../../../network/proof/receipt.js';
import { ASSURANCES, TRUST_FORMAT } from '../../../network/proof/trust.js';

/** In the order of canonical JSON: serialised by this schema, a receipt within an answer keeps its form. */
export const ReceiptAnswer = Type.Object(
  {
    format: OneOf([RECEIPT_FORMAT]),
    payload: Type.String({ description: 'base64 of the bytes that the peers signed' }),
    signatures: Type.Array(
      Type.Object({
        endorser: Type.String({ description: 'base64 of the peer’s membership and certificate' }),
        signature: Type.String({ description: 'base64 of ECDSA P-256 over payload ‖ endorser, DER' }),
      }),
    ),
  },
  { description: 'canonical JSON (RFC 8785); check it with npm run verify' },
);

export const TrustAnswer = Type.Object({
  format: OneOf([TRUST_FORMAT]),
  channel: Type.String(),
  assurance: OneOf(ASSURANCES),
  receiptPolicy: Type.Object({ k: Type.Integer({ description: 'so many provinces’ peers must have signed' }) }),
  provinces: Type.Array(
    Type.Object({ code: ProvinceId, mspId: Type.String(), roots: Type.Array(Type.String({ description: 'PEM' })) }),
  ),
});
