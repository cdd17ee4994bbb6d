/**
 * What a schema's shape alone cannot say: check characters, real calendar days, the province prefix
 * of client-chosen ids, and the search for personal data. Walks value and schema together.
 */
import type { TSchema } from 'typebox';
import { certificateIdLooksPersonal } from '../identifiers/certificate-id.js';
import { isCreditCode } from '../identifiers/credit-code.js';
import { looksPersonal } from '../identifiers/personal-data.js';
import { instant } from '../time.js';

export interface Finding {
  readonly path: string;
  readonly code: 'request.invalid' | 'request.id-invalid' | 'privacy.personal-data';
  readonly message: string;
}

interface Node {
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly creditCode?: boolean;
  readonly instant?: boolean;
  readonly screened?: boolean | 'certificate-id';
}

function inspectText(node: Node, value: string, path: string): Finding | undefined {
  if (node.creditCode && !isCreditCode(value))
    return { path, code: 'request.id-invalid', message: 'check character does not hold (GB 32100)' };
  if (node.instant && instant(value) === undefined) return { path, code: 'request.invalid', message: 'no such instant' };
  const isPersonal = node.screened === 'certificate-id' ? certificateIdLooksPersonal : looksPersonal;
  if (node.screened !== false && isPersonal(value))
    return { path, code: 'privacy.personal-data', message: 'looks like a citizen, mobile or card number' };
  return undefined;
}

/** Every finding in a value that already has the schema's shape; paths are JSON pointers. */
export function inspect(schema: TSchema, value: unknown, path = ''): Finding[] {
  const node = schema as Node;
  if (typeof value === 'string') {
    const finding = inspectText(node, value, path);
    return finding ? [finding] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => inspect(node.items ?? {}, item, `${path}/${index}`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => inspect(node.properties?.[key] ?? {}, item, `${path}/${key}`));
}
