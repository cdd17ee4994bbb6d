import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, type Tx } from '../../runtime/tx.js';
import {
  ClientId,
  ClientIdReference,
  Closed,
  Code,
  Digest,
  ListOf,
  OneOf,
  Subject,
  Time,
  VersionNumber,
} from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { ensurePublished, loadVersion } from '../catalogue/catalogue-version.js';
import { MODES, type Mode } from '../catalogue/service-item.js';
import { type CaseRecord, CHANNELS, caseKey, loadCase, type Proactive, SUBCASE_LIMIT, UNDER_WAY } from './case-record.js';
import { append, type CaseChange } from './entry.js';
import { admit, ensureHeld } from './parties.js';
import { CASE_ROLES } from './roles.js';

/** A proactive case says by which rule it came about; every other is opened by an application. */
function ensureProactive(mode: Mode, proactive: Proactive | undefined): void {
  if ((mode === 'proactive') === (proactive !== undefined)) return;
  refuseField('/proactive', proactive ? 'only a proactive case has it' : 'a proactive case needs it');
}

/** The parent of a sub-case: held by the caller, integrated, under way, and naming the item when it names any. */
async function ensureParent(tx: Tx, parent: CaseRecord, itemCode: string): Promise<CaseRecord> {
  const { caseId: parentCaseId } = parent;
  await ensureHeld(tx, parent, UNDER_WAY);
  ensure(parent.mode === 'integrated', 'case.mode', { id: parentCaseId });
  const { content } = await loadVersion(tx, 'service-items', parent.item.code, parent.item.version);
  ensure(content.components?.includes(itemCode) ?? true, 'case.component', { id: itemCode });
  ensure(parent.subcases.length < SUBCASE_LIMIT, 'case.component', { id: parentCaseId });
  return parent;
}

/**
 * Opens a case under a published version of a service item. A grant that a proactive case names is not
 * looked up: it may be requested for the case only after the case is there.
 */
export const openCase = defineTransaction({
  contract: 'case',
  name: 'OpenCase',
  roles: CASE_ROLES,
  path: {},
  body: {
    caseId: ClientId,
    itemCode: Code,
    itemVersion: VersionNumber,
    mode: OneOf(MODES),
    channel: OneOf(CHANNELS),
    subject: Subject,
    materials: ListOf(Closed({ code: Code, digest: Type.Optional(Digest) }), 0, 100),
    parentCaseId: Type.Optional(ClientIdReference),
    proactive: Type.Optional(
      Closed({
        rule: Code,
        policyVersion: Code,
        grantId: ClientIdReference,
        entitlement: OneOf(['no-application', 'fast']),
      }),
    ),
    dueAt: Type.Optional(Time),
  },
  async apply(tx, { caseId, itemCode, itemVersion, materials, ...given }) {
    ensureProactive(given.mode, given.proactive);
    const named = await loadVersion(tx, 'service-items', itemCode, itemVersion);
    const whole = given.parentCaseId === undefined ? undefined : await loadCase(tx, given.parentCaseId);
    ensurePublished(named);
    const { content } = named;
    const parent = whole && (await ensureParent(tx, whole, itemCode));
    await absent(tx, caseKey(caseId), 'case.exists', caseId);
    ensure(content.modes.includes(given.mode), 'case.mode', { id: itemCode });

    const item = { code: itemCode, version: itemVersion };
    const opener = { province: tx.caller.province.code, agency: tx.caller.agencyId };
    const opened: CaseChange = {
      caseId,
      item,
      ...given,
      status: 'open',
      opener,
      holder: opener,
      heldUnder: 0,
      handoffs: 0,
      subcases: [],
      routeDone: 0,
      openedAt: tx.time,
    };
    const { record } = append(tx, undefined, opened, 'opening', { caseId, item, ...given, materials, holder: opener });
    await admit(tx, caseId, opener.agency);
    if (parent) append(tx, parent, { ...parent, subcases: [...parent.subcases, caseId] }, 'subcase', { caseId, item });
    return { ...record };
  },
});
