/**
 * Screening of certificate ids. Codes of 18 to 22 characters make up a licence identifier, so it is not
 * searched like free text: only its serial is the issuer's choice.
 */
import { isCreditCode } from './credit-code.js';
import { parseLicenceId } from './licence-id.js';
import { isCitizenNumber, looksPersonal } from './personal-data.js';

/**
 * A serial is digits by nature, and one in some tens of eleven digits would be taken for a mobile number: only a
 * citizen number that stands by itself in it is looked for.
 */
function holdsCitizenNumber(serial: string): boolean {
  return serial.split(/[A-WYZ]+/).some(isCitizenNumber);
}

/** Whether an id of either form (GB/T 36904, or an issuer's code, a hyphen and a number of its own) holds such a number. */
export function certificateIdLooksPersonal(certificateId: string): boolean {
  const licence = parseLicenceId(certificateId);
  if (licence) return holdsCitizenNumber(licence.serial);
  const hasIssuer = certificateId.charAt(18) === '-' && isCreditCode(certificateId.slice(0, 18));
  return looksPersonal(hasIssuer ? certificateId.slice(19) : certificateId);
}
