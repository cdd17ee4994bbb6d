/** What an agency may do. An auditor has no other role, and a registrar has none beside. */
export const ROLES = [
  'registrar',
  'catalogue-editor',
  'case-handler',
  'certificate-issuer',
  'data-provider',
  'data-user',
  'application',
  'auditor',
] as const;
export type Role = (typeof ROLES)[number];

export const AGENCY_KINDS = ['portal', 'platform', 'department', 'centre', 'application', 'auditor'] as const;
