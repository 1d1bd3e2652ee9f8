// pg from npm against Medley; prints one JSON object of check name -> true or what was seen.
const { Client, types } = require('pg');

types.setTypeParser(1082, (text) => text);

async function main() {
  const results = {};
  const check = (name, condition, seen) => { results[name] = condition ? true : seen ?? 'false'; };
  for (const binary of [false, true]) {
    const form = binary ? 'binary' : 'text';
    const client = new Client({ binary });
    await client.connect();
    let answer = await client.query('SELECT id, name, ok FROM items WHERE id = $1', [7]);
    check(`${form}: a parameter`, JSON.stringify(answer.rows) === '[{"id":7,"name":"item 7","ok":false}]', answer.rows);
    answer = await client.query({ name: 'join', text: 'SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < $1 ORDER BY 1', values: [4] });
    check(`${form}: a named statement joins both sources`, answer.rows.length === 3 && answer.rows[2].text === 'note 3', answer.rows);
    answer = await client.query({ name: 'join', text: 'SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < $1 ORDER BY 1', values: [3] });
    check(`${form}: and again`, answer.rows.length === 2, answer.rows);
    try {
      await client.query('SELECT 1/0 FROM items');
      check(`${form}: an error is an error`, false);
    } catch (error) {
      check(`${form}: an error is an error`, error.code === '22012', error.code);
    }
    answer = await client.query('SELECT count(*)::int AS n FROM items');
    check(`${form}: the session goes on after it`, answer.rows[0].n === 1000, answer.rows);
    await client.end();
  }
  console.log(JSON.stringify(results));
}

main().catch((error) => { console.error(error); process.exit(1); });
