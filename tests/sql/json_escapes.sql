-- Escapes that a json may hold though they mean no text: whoever asks what its strings mean finds out.
SELECT '{"a":"\u0000","b":1}'::json, json_typeof('"\ud83d"'), json_array_length('[1,"\udc00"]'), to_json('"\u0000"'::json), json_build_array('"\ud83d"'::json);
SELECT '{"a":"\u0000","b":1}'::json -> 'b';
SELECT '[1,"\ud83d"]'::json -> 0;
SELECT '[1,"\ud83d"]'::json ->> 0;
SELECT '[1,"\ud83d\ud83d"]'::json #> '{0}';
SELECT '[["\ud83dx"]]'::json #>> '{0,0}';
SELECT * FROM json_array_elements('[1,"\ud83d"]');
SELECT * FROM json_array_elements_text('[1,"\ud83d"]');
SELECT * FROM json_array_elements_text('{"a":"\u0000"}');
SELECT * FROM json_each('{"a":"\ud83d"}');
SELECT * FROM json_object_keys('{"a":"\ud83d\u0041"}');
SELECT json_strip_nulls('{"a":"\udc00"}');
SELECT * FROM json_to_record('{"a":"\ud83d"}') AS r (b text);
SELECT * FROM json_to_recordset('[{"a":"\u0000"}]') AS r (b text);
SELECT '"\u0000"'::json::jsonb;
SELECT to_jsonb('"\u0000"'::json);
CREATE TABLE j (id int, v json);
INSERT INTO j VALUES (1, '{"a":"\ud83d\ude00","b":"\\u0000"}'), (2, '{"a":"\ud83d","b":2}');
SELECT id, v -> 'a', v ->> 'a', v ->> 'b' FROM j WHERE id = 1;
SELECT id, v ->> 'b' FROM j ORDER BY id;
SELECT json_agg(v ORDER BY id) FROM j;
SELECT json_each('"\u0000"'::json);
-- Members as rows, outside FROM.
SELECT id, json_each_text(v) FROM j WHERE id = 1;
SELECT json_each('{"a b":"c,d","e":null,"f":"","g":{"h":"\""}}'), generate_series(1, 2), json_each_text('{"x":null}');
SELECT jsonb_each_text('{"a":"(1,2)","b":"q\\"}')::text, aclexplode('{postgres=r/postgres}'::aclitem[]);
DROP TABLE j;
-- What an error says comes whole, whoever computed it.
SELECT (E'a\x03b\x02c')::int;
