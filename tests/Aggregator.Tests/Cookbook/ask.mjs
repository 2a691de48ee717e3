// Asks what stands on stdin, [{sql, params}], with the official client, and prints the answers as a JSON array of TSV.
// CLICKHOUSE_URL and CLICKHOUSE_PASSWORD say where.
import { createClient } from '@clickhouse/client';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const client = createClient({ url: process.env.CLICKHOUSE_URL, username: 'analyst', password: process.env.CLICKHOUSE_PASSWORD, database: 'delivery' });
const answers = [];
for (const { sql, params } of JSON.parse(input)) {
  const answer = await client.query({ query: sql, query_params: params, format: 'TabSeparated' });
  answers.push(await answer.text());
}
await client.close();
console.log(JSON.stringify(answers));
