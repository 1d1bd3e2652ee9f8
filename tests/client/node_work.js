// pg (with pg-cursor and pg-query-stream) and postgres from npm at work; prints one line a result. client/node.py runs it on both servers.
const { Client, Pool, types } = require('pg');
const Cursor = require('pg-cursor');
const QueryStream = require('pg-query-stream');
const postgres = require('postgres');

types.setTypeParser(1082, (text) => text);
const port = Number(process.env.PGPORT), host = process.env.PGHOST;

// Users' own types and tables have numbers that differ.
const number = (oid) => (oid < 16384 ? oid : 'own');

async function note(label, call) {
  let lines;
  try {
    const answer = await call();
    lines = Array.isArray(answer) ? answer : [answer];
  } catch (error) {
    lines = [['error', error.code, error.message, error.detail, error.hint, error.position, error.where, error.severity]];
  }
  for (const line of lines) {
    console.log(`${label}: ${JSON.stringify(line, (key, value) => (typeof value === 'bigint' ? `${value}n` : value))}`);
  }
}

const whole = (answer) => [{ command: answer.command, count: answer.rowCount, fields: answer.fields.map((f) => [f.name, number(f.dataTypeID), f.dataTypeSize, f.dataTypeModifier, f.format]) }, ...answer.rows];
const TYPES = "SELECT 1::smallint, 2::bigint AS big, 1.5::real AS r, 2.5::float8 AS d, 'x'::char(3), '12:34:56.789'::time, '{1,2,NULL}'::int[], '{a,\"b,c\"}'::text[] AS t, 'ok'::mood, '1 day 02:00'::interval,"
  + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '{\"a\": 1}'::jsonb, B'101', '2024-01-02 03:04:05'::timestamp AS ts, 'NaN'::numeric, true AS b, NULL AS nothing, '\\x0102'::bytea";
const QUERIES = ['SELECT * FROM items WHERE id IN (7, 10) ORDER BY id', 'SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 4 ORDER BY 1', TYPES,
  'SELECT nothing FROM items', 'SELECT 1 / (n - 3) FROM kept ORDER BY n', 'SELEC', '', 'INSERT INTO own (name) VALUES (\'a\') RETURNING id, name', 'UPDATE kept SET t = t WHERE n < 4'];

async function withPg() {
  for (const binary of [false, true]) {
    const client = new Client({ binary });
    await client.connect();
    for (const sql of QUERIES) await note(`pg ${binary} ${sql.slice(0, 20)}`, async () => whole(await client.query(sql)));
    for (const values of [[5], ['5'], [null], ['x']]) {
      await note('parameter', async () => whole(await client.query('SELECT id, name FROM items WHERE id = $1', values)));
      await note('named', async () => whole(await client.query({ name: 'n', text: 'SELECT n, $1::int / (n - 2) AS q FROM generate_series(1, 3) n ORDER BY 1', values })));
    }
    await note('values', async () => whole(await client.query('SELECT $1::int[], $2::jsonb, $3::timestamptz, $4::bytea, $5::text, $6::bool, $7::numeric',
      [[1, null, 3], { a: [1, 'x'] }, new Date('2024-01-02T03:04:05.678Z'), Buffer.from([0, 1, 2]), "it's", true, '12.50'])));
    await note('rows as lists', async () => (await client.query({ text: 'SELECT id, id FROM items WHERE id < 3 ORDER BY 1', rowMode: 'array' })).rows);
    await note('several', async () => (await client.query('SELECT 1 AS a; SELECT 2 AS b')).map((r) => r.rows));
    await note('limited', async () => whole(await client.query({ text: 'SELECT id FROM items ORDER BY id', rows: 3 })));
    await client.query('BEGIN');
    for (const sql of ['SELECT id, name FROM items WHERE id > $1 ORDER BY id', 'SELECT n, $1::int FROM generate_series(1, 500) n ORDER BY n', 'SELECT i.id, $1::int, n.text FROM items i JOIN notes n USING (id) ORDER BY 1']) {
      const cursor = client.query(new Cursor(sql, [10]));
      await note('cursor', async () => [await cursor.read(3), (await cursor.read(100)).length, (await cursor.read(1000)).length, (await cursor.read(1)).length]);
      await note('closed', async () => cursor.close());
    }
    const early = client.query(new Cursor('SELECT id FROM items ORDER BY id'));
    await note('closed early', async () => [await early.read(2), await early.close(), (await client.query('SELECT 1 AS one')).rows]);
    await note('stream', async () => {
      let count = 0, sum = 0;
      for await (const row of client.query(new QueryStream('SELECT id FROM items WHERE id <= $1', [900], { batchSize: 33 }))) { count += 1; sum += row.id; }
      return [count, sum];
    });
    await note('a cursor that fails', async () => client.query(new Cursor('SELECT 10 / (5 - n) FROM kept ORDER BY n')).read(100));
    await note('and behind it', async () => client.query('SELECT 1'));
    await client.query('ROLLBACK');
    await note('notices', () => new Promise((resolve, reject) => {
      client.once('notice', (notice) => resolve([notice.severity, notice.code, notice.message, notice.where]));
      client.query("SELECT tells('a')").catch(reject);
    }));
    await client.end();
  }
  const pool = new Pool({ max: 4 });
  await note('a pool', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query('SELECT id, name FROM items WHERE id = $1', [i + 1])));
    return answers.map((a) => a.rows[0].name);
  });
  await pool.end();
}

async function withPostgres() {
  for (const options of [{}, { prepare: false }, { max: 1, fetch_types: false }]) {
    const notices = [];
    const sql = postgres({ host, port, user: 'postgres', database: 'postgres', max: 2, onnotice: (n) => notices.push(n.message), types: { date: { to: 1082, from: [1082], serialize: (x) => x, parse: (x) => x } }, ...options });
    const told = (rows) => [{ command: rows.command, count: rows.count, columns: rows.columns && rows.columns.map((c) => [c.name, number(c.type)]) }, ...rows];
    for (const text of QUERIES) await note(`postgres ${text.slice(0, 20)}`, async () => told(await sql.unsafe(text)));
    for (let i = 0; i < 7; i++) await note('parameter', async () => told(await sql`SELECT id, name, price FROM items WHERE id = ${i} AND fine = ${i % 2 === 0}`));
    await note('values', async () => told(await sql`SELECT ${[1, 2]}::int[] AS a, ${sql.json({ a: 1 })}::jsonb AS j, ${new Date('2024-01-02T03:04:05.678Z')}::timestamptz AS t, ${Buffer.from([0, 1])}::bytea AS b, ${'it\'s'} AS s`));
    await note('a list', async () => told(await sql`SELECT id FROM items WHERE id IN ${sql([1, 2, 3])} ORDER BY id`));
    await note('insert', async () => told(await sql`INSERT INTO own ${sql([{ name: 'x', price: 1.5 }, { name: 'y', price: null }], 'name', 'price')} RETURNING name, price`));
    await note('update', async () => told(await sql`UPDATE own SET ${sql({ name: 'z' }, 'name')} WHERE name = 'y' RETURNING name`));
    await note('a cursor', async () => {
      const sizes = [];
      for await (const rows of sql`SELECT id FROM items ORDER BY id`.cursor(300)) sizes.push([rows.length, rows[0].id]);
      return sizes;
    });
    await note('left early', async () => {
      for await (const [row] of sql`SELECT n FROM generate_series(1, 50) n`.cursor()) if (row.n === 3) return row.n;
      return 0;
    });
    await note('forEach', async () => {
      let sum = 0;
      await sql`SELECT id FROM items`.forEach((row) => { sum += row.id; });
      return sum;
    });
    await note('described', async () => {
      const d = await sql`SELECT id, name FROM items WHERE id = ${1}`.describe();
      return [d.types, d.columns.map((c) => [c.name, c.type])];
    });
    await note('a transaction', async () => sql.begin(async (tx) => {
      await tx`INSERT INTO kept VALUES (900, 'a')`;
      await tx.savepoint(async (inner) => { await inner`INSERT INTO kept VALUES (901, 'b')`; throw new Error('undo'); }).catch(() => 0);
      return told(await tx`SELECT n FROM kept WHERE n >= 900`);
    }));
    await note('one that fails', async () => sql.begin(async (tx) => { await tx`INSERT INTO kept VALUES (902, 'a')`; await tx`SELECT 1 / 0`; }));
    await note('pipelined', async () => sql.begin((tx) => [tx`SELECT 1 AS a`, tx`SELECT count(*) FROM items`, tx`INSERT INTO kept VALUES (903, 'p')`]));
    await note('copied in', async () => {
      const { pipeline } = require('stream/promises');
      const { Readable } = require('stream');
      await pipeline(Readable.from(['910\tx\n', '911\ty\n']), await sql`COPY kept FROM STDIN`.writable());
      return told(await sql`SELECT * FROM kept WHERE n >= 910 ORDER BY n`);
    });
    await note('copied out', async () => {
      let text = '';
      for await (const chunk of await sql`COPY (SELECT id, name FROM items WHERE id < 5 ORDER BY id) TO STDOUT`.readable()) text += chunk;
      return text;
    });
    await note('cancelled', async () => {
      const query = sql`SELECT count(*) FROM generate_series(1, 3000000) a, generate_series(1, 3000000) b`;
      setTimeout(() => query.cancel(), 300);
      return query;
    });
    await note('cleaned', async () => told(await sql`DELETE FROM kept WHERE n >= 900`));
    await note('notices', async () => [(await sql`SELECT tells('n')`).count, notices.filter((n) => n.startsWith('told'))]);
    await sql.end();
  }
}

withPg().then(withPostgres).then(() => process.exit(0), (error) => { console.log(`ended with ${error.stack}`); process.exit(1); });
