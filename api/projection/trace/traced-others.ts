import type { AnchorBatchRecord } from '../../../chaincode/transactions/anchor/batch.js';
import type { CatalogueVersionRecord } from '../../../chaincode/transactions/catalogue/catalogue-version.js';
import type { SubjectRecord } from '../../../chaincode/transactions/subject/erase-subject.js';
import { recordOf, type Tracer } from './traced.js';

export const traceErasure: Tracer = ({ own }) =>
  own.map((write) => ({ record: recordOf(write), subject: (write.value as SubjectRecord).subject }));

export const traceAnchors: Tracer = ({ own }) =>
  own.map((write) => ({ record: recordOf(write), count: (write.value as AnchorBatchRecord).size }));

/** A version that is published takes the place of an older one, which is written too; it is about the newer. */
export const traceCatalogue: Tracer = ({ own }) =>
  own.slice(-1).map((write) => {
    const { kind, code } = write.value as CatalogueVersionRecord;
    return { record: recordOf(write), dataSet: kind === 'data-sets' ? code : undefined };
  });
