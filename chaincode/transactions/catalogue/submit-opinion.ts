import { defineTransaction } from '../../runtime/definition.js';
import { ensure, hasRole, recordedAt } from '../../runtime/tx.js';
import { Digest, OneOf } from '../../schemas/primitives.js';
import { key, ordinal } from '../../state/keys.js';
import { isBefore } from '../../time.js';
import { VERSION_PATH } from './catalogue-head.js';
import { loadVersion } from './catalogue-version.js';

/** From the public through a portal, or from a department for itself. Each opinion has a key of its own. */
export const submitOpinion = defineTransaction({
  contract: 'catalogue',
  name: 'SubmitOpinion',
  roles: 'any',
  path: VERSION_PATH,
  body: { from: OneOf(['public', 'department']), opinionDigest: Digest },
  async apply(tx, { kind, code, version, from, opinionDigest }) {
    const { agency, agencyId, province } = tx.caller;
    ensure(from !== 'public' || hasRole(tx, 'application'), 'auth.role');
    const { status, consultation } = await loadVersion(tx, kind, code, version);
    ensure(from !== 'public' || agency.kind === 'portal', 'auth.agency');
    ensure(from !== 'department' || agency.kind === 'department', 'auth.agency');
    const open =
      status === 'consultation' &&
      consultation !== undefined &&
      !isBefore(tx.time, consultation.opensAt) &&
      isBefore(tx.time, consultation.closesAt);
    ensure(open, 'catalogue.state', { state: status });
    const opinion = {
      kind,
      code,
      version,
      from,
      opinionDigest,
      province: province.code,
      agency: agencyId,
      recordedAt: recordedAt(tx),
    };
    tx.state.put(key('opinion', kind, code, ordinal(version), tx.id), opinion);
    return opinion;
  },
});
