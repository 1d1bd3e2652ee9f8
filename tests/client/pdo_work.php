<?php
// PHP's pgsql and PDO at work; prints one line a result. client/scripting.py runs it on both servers.
$host = getenv('PGHOST');
$port = getenv('PGPORT');

function note(string $label, callable $call): void
{
    try {
        $answer = $call();
    } catch (PDOException $problem) {
        $answer = ['error', $problem->errorInfo];
    } catch (Throwable $problem) {
        $answer = [get_class($problem), $problem->getMessage()];
    }
    foreach (is_array($answer) && array_is_list($answer) ? $answer : [$answer] as $line) {
        echo $label, ': ', json_encode($line, JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_UNESCAPED_UNICODE), "\n";
    }
}

foreach ([[], [PDO::ATTR_EMULATE_PREPARES => true], [PDO::PGSQL_ATTR_DISABLE_PREPARES => true]] as $way) {
    $db = new PDO("pgsql:host=$host;port=$port;dbname=postgres", 'postgres', '', $way + [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $all = function (string $sql, array $params = [], array $how = []) use ($db) {
        $statement = $db->prepare($sql, $how);
        $statement->execute($params);
        $rows = $statement->fetchAll(PDO::FETCH_ASSOC);
        $columns = [];
        for ($i = 0; $i < $statement->columnCount(); $i++) {
            $meta = $statement->getColumnMeta($i);
            $columns[] = [$meta['name'], $meta['native_type'] ?? null, $meta['len'], $meta['precision'], $meta['table'] ?? null];
        }
        foreach ($rows as &$row) {
            foreach ($row as &$value) {
                $value = is_resource($value) ? 'bytes ' . bin2hex(stream_get_contents($value)) : $value;
            }
        }
        return [$statement->rowCount(), $columns, ...$rows];
    };
    foreach (['SELECT * FROM items WHERE id IN (7, 10) ORDER BY id', 'SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 4 ORDER BY 1', 'SELECT nosuch', 'SELECT 1 / 0',
        "SELECT '{1,2}'::int[], true, 1.50::numeric(5,2), 'x'::char(3), '\\x00ff'::bytea, 'ok'::mood, 2::int8, 1.5::float8", 'INSERT INTO kept VALUES (900, \'x\')', 'DELETE FROM kept WHERE n = 900'] as $sql) {
        note(substr($sql, 0, 25), fn () => $all($sql));
    }
    for ($i = 0; $i < 4; $i++) {
        note('parameters', fn () => $all('SELECT id, name FROM items WHERE id = :id AND price > :price', ['id' => $i, 'price' => '1.5']));
        note('local', fn () => $all('SELECT n, ?::text AS t, ?::int / (n - ?) AS q FROM generate_series(1, 3) n ORDER BY n', ["it's", 12, $i]));
    }
    note('typed', function () use ($db) {
        $statement = $db->prepare('SELECT ?::bytea AS b, ?::bool AS t, ?::int AS i, ?::text AS n');
        $statement->bindValue(1, "\0\1\xff", PDO::PARAM_LOB);
        $statement->bindValue(2, false, PDO::PARAM_BOOL);
        $statement->bindValue(3, 5, PDO::PARAM_INT);
        $statement->bindValue(4, null, PDO::PARAM_NULL);
        $statement->execute();
        $row = $statement->fetch(PDO::FETCH_NUM);
        return [[bin2hex(stream_get_contents($row[0])), $row[1], $row[2], $row[3]]];
    });
    note('the last key', function () use ($db) {
        $db->exec("INSERT INTO own (name) VALUES ('pdo')");
        return [$db->lastInsertId(), $db->lastInsertId('own_id_seq')];
    });
    note('a block', function () use ($db) {
        $db->beginTransaction();
        $db->exec("INSERT INTO kept VALUES (910, 'b')");
        $inside = $db->inTransaction();
        $db->rollBack();
        return [$inside, $db->inTransaction(), $db->query('SELECT count(*) FROM kept WHERE n = 910')->fetchColumn()];
    });
    note('a cursor', function () use ($db) {
        $db->beginTransaction();
        $statement = $db->prepare('SELECT id FROM items ORDER BY id', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]);
        $statement->execute();
        $got = [$statement->fetch(PDO::FETCH_NUM), $statement->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_LAST), $statement->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_PRIOR), $statement->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_ABS, 500)];
        $db->commit();
        return $got;
    });
    note('copied', fn () => [$db->pgsqlCopyFromArray('kept', ["920\ta", "921\t\\N"]), $db->pgsqlCopyToArray('(SELECT n, t FROM kept WHERE n >= 920)'), $db->exec('DELETE FROM kept WHERE n >= 900')]);
    note('attributes', fn () => [substr($db->getAttribute(PDO::ATTR_SERVER_VERSION), 0, 2), $db->getAttribute(PDO::ATTR_CONNECTION_STATUS), $db->quote("it's")]);
    $db = null;
}

$link = pg_connect("host=$host port=$port dbname=postgres user=postgres");
$rows = fn ($result) => $result === false ? ['failed', pg_last_error($link)] : [pg_result_status($result), pg_affected_rows($result), ...(pg_fetch_all($result) ?: [])];
note('pg_query_params', fn () => $rows(pg_query_params($link, 'SELECT id, name FROM items WHERE id = $1', [7])));
note('pg_prepare', fn () => [pg_result_status(pg_prepare($link, 's', 'SELECT $1::int + 1 AS n')), ...$rows(pg_execute($link, 's', [41]))]);
note('an error', fn () => $rows(@pg_query($link, 'SELECT nosuch')));
note('fields', function () use ($link) {
    $result = pg_query($link, 'SELECT id, name, price, raw FROM items WHERE id = 7');
    $got = [];
    for ($i = 0; $i < pg_num_fields($result); $i++) {
        $got[] = [pg_field_name($result, $i), pg_field_type($result, $i), pg_field_size($result, $i), pg_field_prtlen($result, $i), pg_field_is_null($result, 0, $i)];
    }
    return $got;
});
note('pg_meta_data', fn () => [pg_meta_data($link, 'own'), pg_meta_data($link, 'items', true)]);
note('pg_insert', fn () => [pg_insert($link, 'own', ['name' => 'inserted', 'price' => 5]), pg_select($link, 'own', ['name' => 'inserted']), pg_update($link, 'own', ['price' => 6], ['name' => 'inserted']), pg_delete($link, 'own', ['name' => 'inserted'])]);
note('pg_copy', fn () => [pg_copy_from($link, 'kept', ["930\tx\n"]), count(pg_copy_to($link, 'kept'))]);
note('pg_send_query', function () use ($link) {
    pg_send_query($link, 'SELECT 1 AS a; SELECT 2 AS b; SELECT 1 / 0');
    $got = [];
    while ($result = pg_get_result($link)) {
        $got[] = [pg_fetch_all($result), pg_result_error_field($result, PGSQL_DIAG_SQLSTATE)];
    }
    return $got;
});
note('pg_cancel_query', function () use ($link) {
    pg_send_query($link, 'SELECT count(*) FROM generate_series(1, 3000000) a, generate_series(1, 3000000) b');
    usleep(300000); // PostgreSQL forgets a cancel that comes before it has begun
    return [pg_connection_busy($link), pg_cancel_query($link), pg_connection_status($link), pg_transaction_status($link)];
});
note('escapes', fn () => [pg_escape_literal($link, "it's"), pg_escape_identifier($link, 'Odd "x'), pg_escape_bytea($link, "\0a"), pg_parameter_status($link, 'TimeZone'), pg_client_encoding($link)]);
