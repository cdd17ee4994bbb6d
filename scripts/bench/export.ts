/**
 * How fast an export for audits streams, and whether its memory stays flat. Against a copy of the same rows out of
 * the same store into a file, by SQLite alone: what nobody who reads that store can do without.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { storeFileOf } from '../../api/open-ledger.js';
import { type ServerProcess, startServer } from '../faults/server-process.js';
import { AUDITOR, buildLeaves } from './build-history.js';
import { type BenchLine, median, rounded } from './line.js';
import { residentMebibytes } from './memory.js';
import { tokenFor } from './session.js';

const FACTS = 100_000;
const ROUNDS = 5;
const SETTINGS = { DEMO: 'off', RATE_LIMIT: 'off', LOG_LEVEL: 'error' };
const CATCH_UP_MS = 300_000;
/** What a slow reader takes before it rests, and for how long. */
const GULP = 1024 * 1024;
const REST_MS = 20;

const COPY = `SELECT fact.*, record.value AS record, standing.value AS certificate FROM audit_fact AS fact
  LEFT JOIN record ON record.key = fact.key
  LEFT JOIN standing_certificate AS standing ON standing.certificate_id = substr(fact.key, 13)
  ORDER BY fact.time, fact.block, fact.position, fact.key, fact.part`;

/** Rows a second. */
function copyRate(dataDir: string): number {
  const database = new DatabaseSync(storeFileOf(dataDir), { readOnly: true });
  const file = openSync(join(dataDir, 'copy'), 'w');
  const began = performance.now();
  let rows = 0;
  let text = '';
  for (const row of database.prepare(COPY).iterate()) {
    text += `${row.key}\t${row.transaction_id}\t${row.certificate ?? row.record}\n`;
    rows += 1;
    if (rows % 250 > 0) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  const seconds = (performance.now() - began) / 1000;
  closeSync(file);
  database.close();
  if (rows < FACTS) throw new Error(`copied ${rows} rows`);
  return rows / seconds;
}

interface Exported {
  readonly bytes: number;
  readonly seconds: number;
}

function openExport(server: ServerProcess, token: string, format: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request(`${server.url}/v1/audit/export?format=${format}`, { headers }, resolve).on('error', reject).end();
  });
}

/** @throws Error unless all of it came, end included */
async function readExport(server: ServerProcess, token: string, format: string, rest = 0): Promise<Exported> {
  const began = performance.now();
  const answer = await openExport(server, token, format);
  let [bytes, gulp, tail] = [0, 0, ''];
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    gulp += chunk.length;
    tail = (tail + chunk.subarray(-300).toString('latin1')).slice(-300);
    if (rest > 0 && gulp >= GULP) {
      gulp = 0;
      await delay(rest);
    }
  }
  if (!tail.includes(format === 'csv' ? '"end"' : '"sha256"')) throw new Error('the export broke off');
  return { bytes, seconds: (performance.now() - began) / 1000 };
}

/** The most that the server had resident while a slow reader took the whole export. */
async function peakOfSlowExport(server: ServerProcess, token: string, format: string): Promise<number> {
  let peak = residentMebibytes(server, 'now');
  const look = setInterval(() => {
    peak = Math.max(peak, residentMebibytes(server, 'now'));
  }, 50);
  await readExport(server, token, format, REST_MS);
  clearInterval(look);
  return peak;
}

async function measure(server: ServerProcess, dataDir: string): Promise<readonly BenchLine[]> {
  const token = tokenFor(dataDir, AUDITOR);
  await readExport(server, token, 'ndjson');
  const rates = { copy: [] as number[], ndjson: [] as number[], csv: [] as number[] };
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    rates.copy.push(copyRate(dataDir));
    for (const format of ['ndjson', 'csv'] as const) {
      const exported = await readExport(server, token, format);
      rates[format].push(FACTS / exported.seconds);
      if (format === 'ndjson') bytes = exported.bytes;
    }
  }
  const before = residentMebibytes(server, 'now');
  const peaks = [await peakOfSlowExport(server, token, 'ndjson'), await peakOfSlowExport(server, token, 'csv')];
  const peak = Math.max(...peaks);
  const figures = { rows: FACTS, mebibytes: rounded(bytes / 1024 / 1024), copyRowsPerSecond: rounded(median(rates.copy)) };
  return [
    {
      bench: 'export',
      ratio: rounded(median(rates.ndjson) / median(rates.copy)),
      against: 'the same rows out of the same store into a file, by SQLite alone',
      atLeast: 0.5,
      figures: { ...figures, rowsPerSecond: rounded(median(rates.ndjson)) },
    },
    {
      // A form for spreadsheets, made of the other: no ratio is asked of it.
      bench: 'export csv',
      ratio: rounded(median(rates.csv) / median(rates.copy)),
      against: 'the same rows out of the same store into a file, by SQLite alone',
      figures: { ...figures, rowsPerSecond: rounded(median(rates.csv)) },
    },
    {
      bench: 'export memory',
      ratio: rounded(peak / before),
      against: 'resident memory before a slow reader takes it all',
      atMost: 1.3,
      figures: { mebibytes: rounded(peak), beforeMebibytes: rounded(before) },
    },
  ];
}

/** `export` is a word of the language. */
export async function auditExport(): Promise<readonly BenchLine[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'delta-export-'));
  try {
    await buildLeaves(dataDir, FACTS);
    const server = await startServer(dataDir, SETTINGS, CATCH_UP_MS);
    try {
      return await measure(server, dataDir);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
