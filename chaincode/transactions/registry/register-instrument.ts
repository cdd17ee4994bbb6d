import { defineTransaction } from '../../runtime/definition.js';
import { absent, recordedAt } from '../../runtime/tx.js';
import { Code, Digest, Name, Text, Time } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';

/** A legal instrument 法律依据 (statute, regulation, notice) that entries and decisions may name. */
export const registerInstrument = defineTransaction({
  contract: 'registry',
  name: 'RegisterInstrument',
  roles: ['registrar'],
  path: {},
  body: { code: Code, title: Name, issuer: Text(200), effectiveFrom: Time, digest: Digest },
  async apply(tx, instrument) {
    await absent(tx, key('instrument', instrument.code), 'instrument.exists', instrument.code);
    const { agencyId, province } = tx.caller;
    const record = { ...instrument, province: province.code, registeredBy: agencyId, recordedAt: recordedAt(tx) };
    tx.state.put(key('instrument', instrument.code), record);
    return record;
  },
});
