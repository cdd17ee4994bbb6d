/** What is shown of a trace's rows, and to a person of their own. */
import { formatInstant } from '../../chaincode/time.js';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { ListedRecord } from '../projection/lists.js';
import type { TraceRow } from '../projection/trace/read-trace.js';
import type { TracedDetail } from '../projection/trace/traced.js';

export function shownTrace(row: TraceRow) {
  const { time, block, transaction_id, agency, province, action, subject, grant_id, data_set, certificate_id, case_id } = row;
  const { record, about, ...detail } = JSON.parse(row.detail) as TracedDetail;
  return {
    time: formatInstant(time),
    block,
    transaction: transaction_id,
    agency,
    province,
    action,
    record,
    subject: subject ?? undefined,
    grant: grant_id ?? about?.grant,
    dataSet: data_set ?? about?.dataSet,
    certificate: certificate_id ?? undefined,
    case: case_id ?? about?.case,
    decision: row.decision ?? undefined,
    ...detail,
  };
}

/** Without handles: those of one person are linked in the vault and nowhere else. */
export function shownOwnUse(row: TraceRow) {
  return { ...shownTrace(row), subject: undefined };
}

export function shownOwnCase({ value }: ListedRecord) {
  const {
    caseId,
    item,
    mode,
    channel,
    status,
    holder,
    offer,
    subcases,
    parentCaseId,
    pause,
    openedAt,
    dueAt,
    decision,
    recordedAt,
  } = JSON.parse(value) as CaseRecord;
  return {
    caseId,
    item,
    mode,
    channel,
    status,
    holder,
    offer,
    subcases,
    parentCaseId,
    pause,
    openedAt,
    dueAt,
    decision,
    recordedAt,
  };
}
