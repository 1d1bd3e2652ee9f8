-- joins by < and its like over enough rows that the engine sorts both sides
CREATE TABLE range_rows (id int, b bytea);
INSERT INTO range_rows SELECT i, decode(repeat('00', i % 9), 'hex') FROM generate_series(1, 60) i;
INSERT INTO range_rows SELECT 1000 + i, decode(repeat('00', i % 9), 'hex') FROM generate_series(1, 2000) i;
SELECT count(*) FROM range_rows x JOIN range_rows y ON x.b < y.b WHERE x.id < 1000 AND y.id < 1000;
SELECT count(*) FROM range_rows x JOIN range_rows y ON x.b <= y.b WHERE x.id < 1000 AND y.id < 1000;
SELECT count(*) FROM range_rows x JOIN range_rows y ON x.b > y.b AND x.id < y.id WHERE x.id < 1000 AND y.id < 1000;
SELECT count(*) FROM range_rows x JOIN range_rows y ON row(x.b) >= row(y.b) WHERE x.id < 1000 AND y.id < 1000;
SELECT count(*) FROM range_rows x LEFT JOIN range_rows y ON x.b < y.b AND y.id < 1000 WHERE x.id < 1000;
SELECT count(*) FROM range_rows x JOIN range_rows y ON x.b BETWEEN y.b AND y.b || '\x00' WHERE x.id < 1000 AND y.id < 1000;
SELECT count(*) FROM range_rows x WHERE x.b < ANY (SELECT b FROM range_rows WHERE id < 5) AND x.id < 1000;
SELECT count(*) FROM range_rows x WHERE EXISTS (SELECT FROM range_rows y WHERE y.b < x.b AND y.id < 5) AND x.id < 1000;
SELECT id FROM range_rows WHERE b < '\x0000' AND id < 30 ORDER BY b, id;
DROP TABLE range_rows;
