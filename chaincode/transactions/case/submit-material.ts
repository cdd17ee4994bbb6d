import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, type Tx } from '../../runtime/tx.js';
import { ClientIdReference, Code, Digest } from '../../schemas/primitives.js';
import { UNDER_WAY } from './case-record.js';
import { append, type Entry, entryKey } from './entry.js';
import { heldCase } from './parties.js';
import { CASE_ROLES } from './roles.js';

/** Whether an entry of the timeline brought a material under this code: a submission, or the opening. */
function brought(entry: Entry | undefined, code: string): boolean {
  if (entry?.type === 'material') return entry.data.code === code;
  if (entry?.type !== 'opening') return false;
  return (entry.data.materials as readonly { readonly code: string }[]).some((material) => material.code === code);
}

async function ensureReplaceable(tx: Tx, caseId: string, code: string, number: number): Promise<void> {
  ensure(brought(await tx.state.get<Entry>(entryKey(caseId, number)), code), 'case.material', { id: `${caseId}/${number}` });
}

/** `replaces` is the number of the timeline entry that brought the material which this one corrects. */
export const submitMaterial = defineTransaction({
  contract: 'case',
  name: 'SubmitMaterial',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: { code: Code, digest: Digest, replaces: Type.Optional(Type.Integer({ minimum: 1, maximum: 99_999_999 })) },
  async apply(tx, { caseId, ...material }) {
    const record = await heldCase(tx, caseId, UNDER_WAY);
    if (material.replaces !== undefined) await ensureReplaceable(tx, caseId, material.code, material.replaces);
    return { ...append(tx, record, record, 'material', material).entry };
  },
});
