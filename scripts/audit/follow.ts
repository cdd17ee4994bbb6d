/** `npm run audit -- --data DIR or --fabric PROFILE --follow`: until it is stopped, or until something differs. */

import { checkpointComparison, readCheckpoint } from '../../network/audit/checkpoint.js';
import { followNetwork } from '../../network/audit/fabric/follow-network.js';
import { followFolder } from '../../network/audit/follow-folder.js';
import { type Alarm, Monitor } from '../../network/audit/monitor.js';
import { CHAINCODE_VERSION } from '../../network/channel.js';
import { AlarmQueue } from './alarm-queue.js';
import { readerOf } from './network.js';
import { progressLine } from './progress-line.js';
import { AUDIT_FORMAT, type AuditReport } from './report.js';
import { postAlarm } from './webhook.js';

export interface FollowOptions {
  /** a data folder, or a connection profile */
  readonly source: { readonly data: string } | { readonly fabric: string };
  readonly checkpoint?: string;
  /** where it is kept how far was followed, for the next run */
  readonly progress?: string;
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

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}

function webhookQueue(webhook: string): AlarmQueue {
  return new AlarmQueue((alarm, stop) => postAlarm(webhook, alarm, warn, fetch, stop), warn);
}

/** @returns a report once it was told to stop; `differs` when there was any alarm @throws Differs, CannotTell */
export async function followLedger(options: FollowOptions): Promise<AuditReport> {
  const queue = options.webhook === undefined ? undefined : webhookQueue(options.webhook);
  try {
    return await follow(options, (alarm) => queue?.put(alarm));
  } finally {
    await queue?.drain();
  }
}

async function follow(options: FollowOptions, post: (alarm: Alarm) => void): Promise<AuditReport> {
  const { source, checkpoint, progress } = options;
  const name = 'data' in source ? source.data : source.fabric;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let alarms = 0;
  const raise = (alarm: Alarm) => {
    alarms += 1;
    tell(alarm, options.json === true);
    post(alarm);
  };
  const settings = {
    source: name,
    intervalMs: options.interval * 1000,
    staleMs: options.stale * 60_000,
    expiryDays: options.expiry,
    clock: Date.now,
    ...(progress === undefined ? {} : { progressFile: progress }),
    raise,
  };
  /** Nobody follows either when it cannot begin. */
  const begun = async <T>(begin: () => T | Promise<T>): Promise<T> => {
    try {
      return await begin();
    } catch (error) {
      raise(new Monitor(settings).ended(error));
      throw error;
    }
  };
  const kept = await begun(() =>
    checkpoint === undefined ? [] : [checkpointComparison(readCheckpoint(checkpoint), checkpoint)],
  );
  const companions = [...kept, progressLine(() => undefined)];
  const followProfile = async (profile: string) => {
    const reader = await begun(() => readerOf(profile));
    try {
      return await followNetwork({ ...settings, companions, reader }, stop.signal);
    } finally {
      await reader.close();
    }
  };
  const found =
    'data' in source
      ? await followFolder({ folder: source.data, ...settings, companions }, stop.signal)
      : await followProfile(source.fabric);
  const common = { format: AUDIT_FORMAT, source: name, ...found, code: CHAINCODE_VERSION, alarms } as const;
  if (alarms === 0) return { ...common, verdict: 'holds' };
  return { ...common, verdict: 'differs', difference: { problem: `nothing in the chain; ${alarms} alarms were raised` } };
}
