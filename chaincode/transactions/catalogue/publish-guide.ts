import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, Closed, Code, Digest, OneOf, Time, Url } from '../../schemas/primitives.js';
import { key, ordinal } from '../../state/keys.js';
import { type CatalogueHeadRecord, headKey, loadHead } from './catalogue-head.js';
import { ensureResponsible, loadVersion } from './catalogue-version.js';
import { ensureCentres } from './references.js';

const Channel = Closed({
  kind: OneOf(['online', 'window', 'virtual-window', 'self-service']),
  url: Type.Optional(Url),
  centreId: Type.Optional(AgencyId),
});

/**
 * A guide 办事指南 of the version that stands, by one of its departments, without votes: where to go
 * changes more often than what was agreed. Guides of a code count from 1.
 */
export const publishGuide = defineTransaction({
  contract: 'catalogue',
  name: 'PublishGuide',
  roles: 'any',
  path: { code: Code },
  body: { channels: Type.Array(Channel, { minItems: 1, maxItems: 50 }), guideDigest: Digest, effectiveFrom: Time },
  async apply(tx, { code, ...guide }) {
    const head = await loadHead(tx, 'service-items', code);
    ensure(head.published !== undefined, 'catalogue.not-published', { id: `service-items/${code}` });
    ensureResponsible(tx, await loadVersion(tx, 'service-items', code, head.published));
    await ensureCentres(
      tx,
      guide.channels.flatMap(({ centreId }) => centreId ?? []),
    );
    const number = (head.guides ?? 0) + 1;
    const time = recordedAt(tx, head);
    const { agencyId, province } = tx.caller;
    const record = {
      ...guide,
      code,
      number,
      version: head.published,
      province: province.code,
      agency: agencyId,
      recordedAt: time,
    };
    tx.state.put(key('guide', code, ordinal(number)), record);
    tx.state.put(headKey('service-items', code), { ...head, guides: number, recordedAt: time } satisfies CatalogueHeadRecord);
    return record;
  },
});
