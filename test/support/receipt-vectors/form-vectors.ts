/** The file is not in the one form that a receipt has. */
import { bad, type Stage, type Vector } from './vector.js';

const FORM = { form: 'proof.form' };

export function formVectors(stage: Stage): Vector[] {
  const { text } = stage;
  const form = (name: string, about: string, receipt: string | Uint8Array) => bad(stage, name, about, FORM, { receipt });
  const { format, payload, signatures } = JSON.parse(text) as Record<string, unknown> & { payload: string };
  const whole = Math.floor(text.length / 2);
  const isPadded = payload.endsWith('=');
  return [
    form('form-truncated', 'The file ends in the middle', text.slice(0, whole)),
    form('form-last-byte-missing', 'The last brace is missing', text.slice(0, -1)),
    form('form-empty', 'The file is empty', ''),
    form('form-not-json', 'The file is a letter', 'The certificate is genuine, believe me.'),
    form('form-list', 'The receipt stands in a list', `[${text}]`),
    form('form-newline-after', 'A newline follows', `${text}\n`),
    form('form-blank-inside', 'A blank after the first brace', text.replace('{', '{ ')),
    form('form-formatted', 'The same, formatted by an editor', JSON.stringify(JSON.parse(text), null, 2)),
    form('form-field-order', 'The same fields in another order', JSON.stringify({ payload, format, signatures })),
    form(
      'form-unknown-field',
      'A field that says more than the signed bytes',
      JSON.stringify({ format, note: 'valid for ever', payload, signatures }),
    ),
    form(
      'form-duplicate-field',
      'A field twice: two readers may take different ones',
      text.replace('{', '{"format":"yrd-receipt/1",'),
    ),
    form('form-no-signatures-field', 'The signatures are left out', JSON.stringify({ format, payload })),
    form('form-signatures-object', 'The signatures are no list', JSON.stringify({ format, payload, signatures: {} })),
    form('form-number-for-text', 'The payload is a number', JSON.stringify({ format, payload: 7, signatures })),
    form('form-escaped', 'A letter is written as an escape', text.replace('yrd-', '\\u0079rd-')),
    form('form-byte-order-mark', 'A byte order mark before it', `\ufeff${text}`),
    form('form-other-format', 'Another format of ours', text.replace('yrd-receipt/1', 'yrd-trust/1')),
    form(
      'form-base64-without-padding',
      'Base64 of another spelling',
      text.replace(payload, isPadded ? payload.replace(/=+$/, '') : `${payload}=`),
    ),
    form('form-base64-url', 'Base64 of the URL alphabet', text.replace(payload, `-_${payload.slice(2)}`)),
    form('form-base64-blank', 'A blank within base64', text.replace(payload, `${payload.slice(0, 8)} ${payload.slice(8)}`)),
    {
      ...form('unknown-receipt-version', 'A version that is not known yet', text.replace('yrd-receipt/1', 'yrd-receipt/2')),
      verdict: 'unknown',
      faults: { form: 'format.unknown' },
    },
    {
      ...form('unknown-receipt-version-0', 'A version that never was', text.replace('yrd-receipt/1', 'yrd-receipt/0')),
      verdict: 'unknown',
      faults: { form: 'format.unknown' },
    },
  ];
}
