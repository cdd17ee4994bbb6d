/** `npm run audit -- --data DIR --follow`: until it is stopped, or until something differs. */
import { checkpointComparison, readCheckpoint } from '../../network/audit/checkpoint.js';
import { followFolder } from '../../network/audit/follow-folder.js';
import type { Alarm } from '../../network/audit/monitor.js';
import { CHAINCODE_VERSION } from '../../network/channel.js';
import { progressLine } from './progress-line.js';
import { AUDIT_FORMAT, type AuditReport } from './report.js';
import { postAlarm } from './webhook.js';

export interface FollowOptions {
  readonly data: string;
  readonly checkpoint?: string;
  /** seconds */
  readonly interval: number;
  /** minutes */
  readonly stale: number;
  /** days */
  readonly expiry: number;
  readonly webhook?: string;
  readonly json?: true;
}

function tell(alarm: Alarm, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(alarm)}\n`);
  else process.stderr.write(`${alarm.time} ALARM ${alarm.alarm}: ${alarm.problem}\n`);
}

/** @returns a report once it was told to stop; `differs` when there was any alarm @throws Differs, CannotTell */
export async function followDataFolder(options: FollowOptions): Promise<AuditReport> {
  const { data, checkpoint, webhook } = options;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const warn = (message: string) => process.stderr.write(`${message}\n`);
  let alarms = 0;
  const raise = async (alarm: Alarm) => {
    alarms += 1;
    tell(alarm, options.json === true);
    if (webhook !== undefined) await postAlarm(webhook, alarm, warn);
  };
  const kept = checkpoint === undefined ? [] : [checkpointComparison(readCheckpoint(checkpoint), checkpoint)];
  const found = await followFolder(
    {
      folder: data,
      intervalMs: options.interval * 1000,
      staleMs: options.stale * 60_000,
      expiryDays: options.expiry,
      clock: Date.now,
      companions: [...kept, progressLine(() => undefined)],
      raise,
    },
    stop.signal,
  );
  const common = { format: AUDIT_FORMAT, source: data, ...found, code: CHAINCODE_VERSION, alarms } as const;
  if (alarms === 0) return { ...common, verdict: 'holds' };
  return { ...common, verdict: 'differs', difference: { problem: `nothing in the chain; ${alarms} alarms were raised` } };
}
