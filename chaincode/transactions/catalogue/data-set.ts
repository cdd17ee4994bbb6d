/** What a shared data set 共享数据目录 entry says: the fields of its body. */
import Type, { type Static } from 'typebox';
import {
  AgencyId,
  Closed,
  Code,
  Digest,
  LegalBasis,
  ListOf,
  Name,
  OneOf,
  PerProvince,
  Text,
  VersionNumber,
} from '../../schemas/primitives.js';

/**
 * Labels of a state secret: the law's three levels and the plain words. They are in the schema only so
 * that such a data set is refused by its own code instead of looking like a typing mistake.
 */
export const STATE_SECRETS = ['state-secret', 'state', 'top-secret', 'secret', 'confidential'] as const;

export const DataSet = {
  code: Code,
  name: Name,
  providers: PerProvince(AgencyId),
  shareClass: OneOf(['unconditional', 'conditional', 'withheld']),
  legalBasis: Type.Optional(LegalBasis),
  condition: Type.Optional(Text(200)),
  grade: Type.Integer({ minimum: 1, maximum: 4 }),
  confidentiality: OneOf(['public', 'internal', 'personal', 'commercial', ...STATE_SECRETS]),
  /** a national or local data standard; kept elsewhere, so it is not looked up */
  standard: Closed({ code: Code, version: Type.Union([VersionNumber, Code]), digest: Digest }),
  fields: Type.Array(Closed({ name: Code, title: Name, type: Code }), { minItems: 1, maxItems: 200 }),
  servesItems: Type.Optional(ListOf(Code, 1, 200)),
  updateFrequency: Code,
};

const Content = Closed(DataSet);
export type DataSetContent = Static<typeof Content>;
