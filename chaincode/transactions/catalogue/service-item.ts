/** What a service item 清单事项 says: the fields of its body. */
import Type, { type Static } from 'typebox';
import { AgencyId, Closed, Code, Digest, ListOf, Name, OneOf, PerProvince } from '../../schemas/primitives.js';

/** Life domains 服务领域 of each audience. */
export const DOMAINS = {
  enterprise: ['entry', 'hiring', 'tax', 'operation', 'construction', 'exit'],
  individual: [
    'birth',
    'education',
    'employment',
    'talent',
    'living',
    'housing',
    'travel',
    'medical',
    'relief',
    'elderly-care',
    'after-life',
  ],
} as const;

export const MODES = ['standard', 'continued', 'integrated', 'proactive', 'assisted', 'counter'] as const;
export type Mode = (typeof MODES)[number];

const Materials = Type.Array(Closed({ code: Code, name: Name, required: Type.Boolean() }), { maxItems: 100 });
const TimeLimit = Closed({ workingDays: Type.Integer({ minimum: 0, maximum: 1000 }) });
const Amount = Type.Integer({ minimum: 0, maximum: 10_000 });
const Effort = Closed({ steps: Amount, days: Amount, materials: Amount, visits: Amount });

export const ServiceItem = {
  code: Code,
  name: Name,
  domain: OneOf([...DOMAINS.enterprise, ...DOMAINS.individual]),
  audience: OneOf(['enterprise', 'individual']),
  valueAdded: Type.Optional(OneOf(['policy', 'legal', 'finance', 'innovation', 'trade'])),
  modes: ListOf(OneOf(MODES), 1, MODES.length),
  departments: PerProvince(ListOf(AgencyId, 1, 20)),
  materials: Materials,
  timeLimit: TimeLimit,
  route: Type.Optional(ListOf(Code, 1, 50)),
  components: Type.Optional(ListOf(Code, 1, 50)),
  variants: Type.Optional(PerProvince(Closed({ materials: Type.Optional(Materials), timeLimit: Type.Optional(TimeLimit) }))),
  effort: Type.Optional(Closed({ before: Effort, now: Effort })),
  demand: Type.Optional(Closed({ source: Code, digest: Digest })),
  legalBasis: Type.Optional(ListOf(Code, 1, 50)),
};

const Content = Closed(ServiceItem);
export type ServiceItemContent = Static<typeof Content>;
