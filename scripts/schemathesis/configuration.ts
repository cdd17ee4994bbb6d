/** What Schemathesis looks at, as the file it reads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'ignored_auth',
  'use_after_free',
];
/**
 * Not looked at: a body that fits the document may still be refused, because check characters,
 * provinces and states are no matter of JSON Schema; and `Allow`, for the paths below.
 */
const NOT_CHECKS = ['positive_data_acceptance', 'allow_header_conformance', 'ensure_resource_availability'];

/** A path that another one's template fits too (`/v1/catalogue/data-sets`, `/v1/catalogue/{kind}`) takes the methods of both. */
const OVERLAPPING = ['/v1/catalogue/{kind}', '/v1/certificates/batch', '/v1/subjects/trace', '/v1/subjects/cases'];

const TEXT = `
color = false
continue-on-failure = true

[checks]
${CHECKS.map((check) => `${check}.enabled = true`).join('\n')}
${NOT_CHECKS.map((check) => `${check}.enabled = false`).join('\n')}

[generation]
database = "none"

[phases]
stateful.enabled = false

${OVERLAPPING.map((path) => `[[operations]]\ninclude-path = "${path}"\nchecks.unsupported_method.enabled = false\n`).join('\n')}`;

export const SCHEMATHESIS_CONFIGURATION = {
  file: 'schemathesis.toml',
  write: (folder: string): void => writeFileSync(join(folder, 'schemathesis.toml'), TEXT),
} as const;
