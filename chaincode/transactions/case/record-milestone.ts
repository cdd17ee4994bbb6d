import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ClientIdReference, Code, Digest, OneOf, Time } from '../../schemas/primitives.js';
import { loadVersion } from '../catalogue/catalogue-version.js';
import { CHANNELS, UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { heldCase } from './parties.js';
import { CASE_ROLES } from './roles.js';
import { advance } from './route.js';

export const recordMilestone = defineTransaction({
  contract: 'case',
  name: 'RecordMilestone',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: { name: Code, occurredAt: Time, digest: Digest, channel: Type.Optional(OneOf(CHANNELS)) },
  async apply(tx, { caseId, ...milestone }) {
    const record = await heldCase(tx, caseId, UNDER_WAY);
    const { content } = await loadVersion(tx, 'service-items', record.item.code, record.item.version);
    const routeDone = advance(content.route, record.routeDone, milestone.name);
    return { ...append(tx, record, { ...record, routeDone }, 'milestone', milestone).entry };
  },
});
