// Twenty calls of the official client, written as against any ClickHouse server. CLICKHOUSE_URL names the server.
// One line a call: "ok N name" or "not ok N name: reason". The exit code is 0 when all passed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ClickHouseError, createClient } from '@clickhouse/client';

const url = process.env.CLICKHOUSE_URL ?? 'http://127.0.0.1:8123';
const endless = 'SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3';
const options = { url, request_timeout: 120_000, max_open_connections: 20, log: { level: 127 } };
const client = createClient(options);
const table = 'stranger_' + randomUUID().replaceAll('-', '').slice(0, 8);

const count = async () => (await rows(`SELECT toUInt32(count()) AS n FROM ${table}`))[0].n;
const rows = async (query, more = {}) => (await client.query({ query, format: 'JSONEachRow', ...more })).json();
const holds = async (condition, what) => {
  for (const end = Date.now() + 30_000; !(await condition());) {
    assert.ok(Date.now() < end, what);
    await new Promise((next) => setTimeout(next, 50));
  }
};
const bytesOf = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const calls = {
  'ping, also as a query': async () => {
    assert.equal((await client.ping()).success, true);
    assert.equal((await client.ping({ select: true })).success, true);
  },
  'command creates a table': async () => {
    const { query_id, summary } = await client.command({
      query: `CREATE TABLE ${table} (id UInt32, name String, at DateTime('UTC') DEFAULT '2026-01-01 00:00:00', tags Array(String)) ENGINE = MergeTree ORDER BY id`,
      clickhouse_settings: { wait_end_of_query: 1 },
    });
    assert.match(query_id, /^[0-9a-f-]{36}$/);
    assert.ok(summary === undefined || Number(summary.elapsed_ns) >= 0);
  },
  'insert of an array as JSONEachRow': async () => {
    const { executed } = await client.insert({
      table, format: 'JSONEachRow',
      values: [{ id: 1, name: 'one', tags: ['a', "b'c"] }, { id: 2, name: 'two\nlines "quoted"', tags: [] }],
    });
    assert.equal(executed, true);
    assert.equal(await count(), 2);
  },
  'insert of a stream of objects': async () => {
    const objects = function* () { for (let id = 100; id < 50_100; id++) yield { id, name: `name ${id}` }; };
    const { summary } = await client.insert({ table, format: 'JSONEachRow', values: Readable.from(objects(), { objectMode: true }) });
    assert.equal(summary.written_rows, '50000');
    assert.equal(await count(), 50_002);
  },
  'insert of a stream of CSV': async () => {
    const lines = function* () { for (let id = 60_000; id < 60_100; id++) yield `${id},"csv, ""${id}""","2026-05-01 10:00:00","['x']"\n`; };
    await client.insert({ table, format: 'CSV', values: Readable.from(lines(), { objectMode: false }) });
    assert.deepEqual(await rows(`SELECT name FROM ${table} WHERE id = 60007`), [{ name: 'csv, "60007"' }]);
  },
  'insert with columns named and with all but one': async () => {
    await client.insert({ table, format: 'JSONCompactEachRow', columns: ['name', 'id'], values: [['named', 70_000]] });
    await client.insert({ table, format: 'JSONEachRow', columns: { except: ['at'] }, values: [{ id: 70_001, name: 'except', tags: ['t'] }] });
    assert.deepEqual(await rows(`SELECT id, name, at, tags FROM ${table} WHERE id >= 70000 ORDER BY id`), [
      { id: 70_000, name: 'named', at: '2026-01-01 00:00:00', tags: [] },
      { id: 70_001, name: 'except', at: '2026-01-01 00:00:00', tags: ['t'] },
    ]);
  },
  'select as JSON': async () => {
    const result = await client.query({ query: `SELECT id, name FROM ${table} ORDER BY id LIMIT 2`, format: 'JSON' });
    const { data, meta, rows: n, statistics } = await result.json();
    assert.deepEqual(meta, [{ name: 'id', type: 'UInt32' }, { name: 'name', type: 'String' }]);
    assert.deepEqual(data[1], { id: 2, name: 'two\nlines "quoted"' });
    assert.equal(n, 2);
    assert.ok(statistics.elapsed >= 0);
  },
  'select as JSONEachRow': async () => {
    const [zero, one] = await rows('SELECT number AS n FROM system.numbers LIMIT 2', { clickhouse_settings: { output_format_json_quote_64bit_integers: 1 } });
    assert.deepEqual([zero, one], [{ n: '0' }, { n: '1' }]);
  },
  'select as CSV with names': async () => {
    const csv = await client.query({ query: `SELECT id, name FROM ${table} WHERE id = 2`, format: 'CSVWithNames' });
    assert.equal(await csv.text(), '"id","name"\n2,"two\nlines ""quoted"""\n');
  },
  'select as Parquet': async () => {
    const { stream } = await client.exec({ query: `SELECT * FROM ${table} FORMAT Parquet` });
    const file = await bytesOf(stream);
    assert.equal(file.subarray(0, 4).toString(), 'PAR1');
    assert.equal(file.subarray(-4).toString(), 'PAR1');
    assert.ok(file.length > 10_000);
  },
  'two million rows as a stream in little memory': async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(2000000)', format: 'JSONCompactEachRow' });
    let n = 0, last, peak = 0;
    for await (const batch of result.stream()) {
      n += batch.length;
      last = batch.at(-1);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    assert.equal(n, 2_000_000);
    assert.equal(Number(last.json()[0]), 1_999_999);
    assert.ok(peak < 400 * 2 ** 20, `${peak} bytes`);
  },
  'parameters of many types, in the URL and in a multipart body': async () => {
    const text = 'it\'s "quoted" \\ and\ttabbed\nin two lines, 你好';
    const [row] = await rows(
      `SELECT {n:UInt64} AS n, {s:String} AS s, {a:Array(String)} AS a, {d:DateTime('UTC')} AS d, {e:Nullable(Int32)} AS e, {m:Map(String, UInt8)} AS m,
       {b:Bool} AS b, toUInt32(count()) AS c FROM {t:Identifier} WHERE id IN {ids:Array(UInt32)}`,
      { query_params: { n: 42, s: text, a: ["x'y", 'z\n"'], d: new Date(Date.UTC(2026, 10, 22, 8, 30)), e: null, m: { k: 1 }, b: true, t: table, ids: [1, 2, 3] },
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
    assert.deepEqual(row, { n: 42, s: text, a: ["x'y", 'z\n"'], d: '2026-11-22 08:30:00', e: null, m: { k: 1 }, b: true, c: 2 });
    const inBody = await rows('SELECT toUInt32(length({s:String})) AS n, {u:UInt8} AS u', { query_params: { s: 'x'.repeat(20_000), u: 7 }, use_multipart_params: true });
    assert.deepEqual(inBody, [{ n: 20_000, u: 7 }]);
  },
  'settings': async () => {
    const refused = rows('SELECT number FROM numbers(100)', { clickhouse_settings: { max_result_rows: '10', result_overflow_mode: 'throw', wait_end_of_query: 1 } });
    await assert.rejects(refused, (error) => error instanceof ClickHouseError && error.code === '396' && error.type === 'TOO_MANY_ROWS_OR_BYTES');
    const query = "SELECT getSetting('max_block_size') AS n, timezone() AS z";
    const [row] = await rows(query, { clickhouse_settings: { max_block_size: '777', session_timezone: 'Asia/Tokyo', send_progress_in_http_headers: 1, output_format_json_quote_64bit_integers: 0 } });
    assert.deepEqual(row, { n: 777, z: 'Asia/Tokyo' });
  },
  'a session keeps its temporary table and its settings': async () => {
    const session = createClient({ ...options, session_id: randomUUID(), max_open_connections: 1 });
    await session.command({ query: 'CREATE TEMPORARY TABLE mine (n UInt8)' });
    await session.insert({ table: 'mine', values: [{ n: 5 }], format: 'JSONEachRow' });
    await session.command({ query: 'SET max_block_size = 779' });
    const result = await session.query({ query: "SELECT n, toUInt32(getSetting('max_block_size')) AS b FROM mine", format: 'JSONEachRow' });
    assert.deepEqual(await result.json(), [{ n: 5, b: 779 }]);
    await session.close();
    await assert.rejects(rows('SELECT n FROM mine'), { code: '60' });
  },
  'an abort stops the query on the server': async () => {
    const abort = new AbortController();
    const mark = randomUUID();
    const running = rows(endless, { abort_signal: abort.signal, clickhouse_settings: { log_comment: mark } });
    const find = "SELECT toUInt32(count()) AS n FROM system.processes WHERE endsWith(Settings['log_comment'], {mark:String}) AND NOT query LIKE '%system.processes%'";
    const alive = async () => (await rows(find, { query_params: { mark } }))[0].n;
    await holds(async () => (await alive()) === 1, 'the query runs');
    abort.abort();
    await assert.rejects(running, /aborted/);
    await holds(async () => (await alive()) === 0, 'the query is gone');
  },
  'gzip both ways': async () => {
    const packed = createClient({ ...options, compression: { request: true, response: true } });
    await packed.insert({ table, format: 'JSONEachRow', values: [{ id: 80_000, name: 'g'.repeat(100_000) }] });
    const result = await packed.query({ query: `SELECT name FROM ${table} WHERE id = 80000`, format: 'JSONEachRow' });
    assert.equal(result.response_headers['content-encoding'], 'gzip');
    assert.equal((await result.json())[0].name.length, 100_000);
    await packed.close();
  },
  'the query id and the summary come back': async () => {
    const query_id = randomUUID();
    const result = await client.query({ query: `SELECT id FROM ${table} WHERE id < 3 ORDER BY id`, format: 'JSON', query_id, clickhouse_settings: { wait_end_of_query: 1 } });
    assert.equal(result.query_id, query_id);
    assert.equal(result.response_headers['x-clickhouse-query-id'], query_id);
    assert.equal(result.response_headers['x-clickhouse-format'], 'JSON');
    const read = JSON.parse(result.response_headers['x-clickhouse-summary']);
    assert.ok(Number(read.read_rows) >= 2 && Number(read.elapsed_ns) > 0 && read.result_rows === '2', JSON.stringify(read));
    await result.json();
    const written = await client.insert({ table, values: [{ id: 90_000, name: 'n' }], format: 'JSONEachRow', query_id: query_id + '-insert' });
    assert.equal(written.query_id, query_id + '-insert');
    assert.equal(written.summary.written_rows, '1');
    assert.ok(Number(written.summary.written_bytes) > 0 && Number(written.summary.elapsed_ns) > 0);
  },
  'errors have a code and a type, also in the middle of a stream': async () => {
    await assert.rejects(rows('SELECT * FROM no_such_table'), (error) => error instanceof ClickHouseError && error.code === '60' && error.type === 'UNKNOWN_TABLE');
    await assert.rejects(client.insert({ table: 'no_such_table', values: [{ a: 1 }], format: 'JSONEachRow' }), { code: '60', type: 'UNKNOWN_TABLE' });
    await assert.rejects(client.command({ query: 'SELEC 1' }), { code: '62' });
    const result = await client.query({ query: 'SELECT throwIf(number = 2500000) AS x FROM numbers(3000000)', format: 'JSONEachRow' });
    let seen = 0;
    const read = async () => { for await (const batch of result.stream()) seen += batch.length; };
    await assert.rejects(read(), (error) => error instanceof ClickHouseError && error.code === '395' && error.type === 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO');
    assert.ok(seen > 0 && seen <= 2_500_000, `${seen} rows`);
  },
  'exec streams a result, and takes values as a stream': async () => {
    const { stream, query_id } = await client.exec({ query: 'SELECT number FROM numbers(100000) FORMAT RowBinary', query_id: 'exec-' + table });
    assert.equal(query_id, 'exec-' + table);
    assert.equal((await bytesOf(stream)).length, 800_000);
    const insert = await client.exec({ query: `INSERT INTO ${table} (id, name) FORMAT CSV`, values: Readable.from(['95000,"a"\n95', '001,"b"\n'], { objectMode: false }) });
    await bytesOf(insert.stream);
    assert.deepEqual(await rows(`SELECT name FROM ${table} WHERE id > 94000 ORDER BY id`), [{ name: 'a' }, { name: 'b' }]);
  },
  'twenty queries at once, then close': async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => rows('SELECT {i:UInt8} AS i, toUInt32(sum(number)) AS s FROM numbers(1000)', { query_params: { i } })));
    answers.forEach((answer, i) => assert.deepEqual(answer, [{ i, s: 499_500 }]));
    await client.command({ query: `DROP TABLE ${table} SYNC` });
    await client.close();
  },
};

let failed = 0;
let number = 0;
for (const [name, call] of Object.entries(calls)) {
  number++;
  try {
    await call();
    console.log(`ok ${number} ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${number} ${name}: ${String(error?.stack ?? error).split('\n').slice(0, 4).join(' | ')}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
