/** What the OpenAPI document says of a route: titles in both languages, answers and problems. */
import Type, { type TObject, type TProperties, type TSchema } from 'typebox';
import type { ContractName, TransactionDefinition } from '../../chaincode/runtime/definition.js';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../http/problem-table.js';
import { recordOf } from './answers/written.js';

/** A text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

const Transaction = Type.Object({
  id: Type.String({ description: 'Fabric transaction id, 64 hex' }),
  block: Type.Integer({ description: 'number of the block that holds it' }),
  time: Type.String({ format: 'date-time', description: 'declared by the client, held to five minutes by the peers' }),
  endorsers: Type.Array(Type.String(), { description: 'MSP ids of the provinces whose peers endorsed it' }),
});

const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    retryable: Type.Boolean({ description: 'whether the very same request may succeed later' }),
    instance: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    id: Type.Optional(Type.String({ description: 'the thing that stands in the way' })),
    state: Type.Optional(Type.String()),
    said: Type.Optional(Type.Array(Type.Object({ mspId: Type.String(), said: Type.String() }))),
    transaction: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    checks: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  },
  { title: 'Problem', description: 'RFC 9457' },
);

/** Any JSON object, where the contract's record is described in prose. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown());

export function ListAnswer<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) });
}

type Responses = Record<number, unknown>;

/** Problem answers by status, naming the codes that come with each. @param denials codes that come with 403, whatever their own */
function problemResponses(codes: readonly ProblemCode[], denials: readonly ProblemCode[] = []): Responses {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...codes, ...denials])) {
    const status = denials.includes(code) ? 403 : PROBLEMS[code].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      {
        description: named.map((code) => `\`${code}\` ${PROBLEMS[code].zh.title} ${PROBLEMS[code].en.title}`).join('; '),
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    ]),
  );
}

/** What any route may answer with, and what any route may that asks who calls. */
const ALWAYS: readonly ProblemCode[] = [
  'request.invalid',
  'request.id-invalid',
  'privacy.personal-data',
  'request.method',
  'request.rate',
  'request.timeout',
  'internal.error',
  'ledger.unavailable',
  'ledger.clock',
  'ledger.disagreement',
];
const AUTHENTICATED: readonly ProblemCode[] = ['auth.missing', 'auth.invalid', 'auth.role', 'auth.province', 'auth.agency'];
const WRITING: readonly ProblemCode[] = [
  'auth.signer',
  'request.too-large',
  'request.media-type',
  'idempotency.mismatch',
  'idempotency.in-progress',
  'operation.applied',
  'ledger.conflict',
];

const OF_CONTRACT: Readonly<Record<ContractName, readonly string[]>> = {
  registry: ['agency.', 'instrument.', 'centre.', 'partner.', 'officer.', 'catalogue.not'],
  catalogue: ['catalogue.', 'agency.', 'centre.', 'instrument.'],
  case: ['case.', 'handoff.', 'session.', 'catalogue.not', 'agency.', 'officer.', 'certificate.not', 'grant.'],
  certificate: ['certificate.', 'case.not-found', 'agency.'],
  grant: ['grant.', 'use.', 'catalogue.not', 'case.not-found', 'agency.'],
  subject: ['subject.'],
  anchor: ['anchor.'],
};

function refusalsOf(definition: TransactionDefinition): ProblemCode[] {
  return PROBLEM_CODES.filter((code) => OF_CONTRACT[definition.contract].some((prefix) => code.startsWith(prefix)));
}

const STALE = {
  'stale-as-of': Type.String({
    format: 'date-time',
    description: 'only while this API cannot reach enough provinces: until then the answer is known to be whole',
  }),
};

function jsonAnswer(description: string, schema: TSchema, headers: TProperties = {}) {
  return { description, headers: { ...headers, ...STALE }, content: { 'application/json': { schema } } };
}

const Replayed = Type.Literal('true', { description: 'the first answer again, under the same Idempotency-Key' });
const WRITTEN_HEADERS = {
  location: Type.String({ description: 'where it can be read, where there is such a place' }),
  'idempotent-replayed': Replayed,
};
const LIST_HEADERS = { link: Type.String({ description: 'rel="next", when there are more' }) };

export interface Described {
  readonly tag: string;
  readonly summary: Bilingual;
}

function titles({ tag, summary }: Described) {
  return { tags: [tag], summary: `${summary.zh} ${summary.en}` };
}

export interface DescribedWrite extends Described {
  readonly definition: TransactionDefinition;
  readonly status?: 200 | 201;
  readonly refusals?: readonly ProblemCode[];
  /** codes of denials, which the ledger records and 403 tells */
  readonly denials?: readonly ProblemCode[];
  /** what stands beside `transaction` in the answer; `record` unless said */
  readonly answerFields?: TProperties;
}

export function writeDocument(route: DescribedWrite) {
  const { definition, status = 201 } = route;
  const roles = definition.roles === 'any' ? 'any active agency' : definition.roles.join(', ');
  const refusals = route.refusals ?? refusalsOf(definition);
  const fields = route.answerFields ?? { record: recordOf(definition) };
  return {
    ...titles(route),
    description: `角色 roles: ${roles}. 交易 transaction: \`${definition.contract}:${definition.name}\`.`,
    security: [{ token: [] }, { certificate: [] }],
    response: {
      ...problemResponses([...new Set([...ALWAYS, ...AUTHENTICATED, ...WRITING, ...refusals])], route.denials),
      [status]: jsonAnswer('已写入账本 on the ledger', Type.Object({ ...fields, transaction: Transaction }), WRITTEN_HEADERS),
      202: jsonAnswer(
        '结果待定 outcome not known in time',
        Type.Object({ transaction: Type.Object({ id: Type.String(), status: Type.Literal('pending') }) }),
      ),
    },
  };
}

export interface DescribedRead extends Described {
  /** anybody may call it */
  readonly open?: boolean;
  readonly answer: TSchema;
  readonly params?: TObject;
  readonly querystring?: TObject;
  readonly problems?: readonly ProblemCode[];
}

/** The whole schema of a route that reads. */
export function readDocument(route: DescribedRead) {
  const { open = false, answer, params, querystring, problems = [] } = route;
  return {
    ...titles(route),
    ...(params && { params }),
    ...(querystring && { querystring }),
    security: open ? [] : [{ token: [] }, { certificate: [] }],
    response: {
      ...problemResponses([...new Set([...ALWAYS, ...(open ? [] : AUTHENTICATED), ...problems])]),
      200: jsonAnswer('好 OK', answer, querystring && 'cursor' in querystring.properties ? LIST_HEADERS : {}),
    },
  };
}

/** The schema of a POST that takes a stream and answers 202 when it is on the disk. */
export function streamDocument({ description, ...route }: DescribedRead & { readonly description: string }) {
  const { response, ...rest } = readDocument(route);
  const { 200: ok, ...others } = response as Record<number, unknown>;
  return { ...rest, description, response: { ...others, 202: ok } };
}

/** The schema of a POST that answers 201 without a transaction. */
export function createdDocument(route: DescribedRead) {
  const problems: readonly ProblemCode[] = [...(route.problems ?? []), 'request.too-large', 'request.media-type'];
  const { response, ...rest } = readDocument({ ...route, problems });
  const { 200: ok, ...others } = response as Record<number, unknown>;
  return { ...rest, response: { ...others, 201: ok } };
}

/** The schema of a GET that answers with a stream of text in one of some types. */
export function textStreamDocument({
  description,
  types,
  ...route
}: Omit<DescribedRead, 'answer'> & { readonly description: string; readonly types: readonly string[] }) {
  const { response, ...rest } = readDocument({ ...route, answer: Type.String() });
  const content = Object.fromEntries(types.map((type) => [type, { schema: Type.String() }]));
  return { ...rest, description, response: { ...response, 200: { description: '好 OK', content } } };
}
