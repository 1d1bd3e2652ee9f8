-- Numerics of very many digits.
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT md5((repeat('9876543210', 6500)::numeric * repeat('1234567890', 6500)::numeric)::text), md5((repeat('9', 65536)::numeric * repeat('9', 65536)::numeric)::text);
SELECT md5((repeat('9876543210', 13000)::numeric / repeat('1234567890', 6500)::numeric)::text), md5((repeat('9876543210', 13000)::numeric % repeat('1234567890', 6500)::numeric)::text);
SELECT md5(div(repeat('9876543210', 13000)::numeric, 7777777777777777)::text), md5(mod(repeat('9876543210', 13000)::numeric, 99999999)::text), div(1e131071, 1e131070), 1e131071 % 9999;
SELECT md5(sqrt(1e131071)::text), md5(sqrt(2e131070)::text), md5(sqrt(repeat('7', 131072)::numeric)::text), sqrt(1e131070) = 1e65535;
SELECT md5(power(3::numeric, 270000)::text), md5(power(7.77::numeric, 140000)::text), md5(power(10::numeric, 131071)::text), md5(power(1.0000001::numeric, 2000000000)::text), md5(power(9.99::numeric, 131000)::text);
SELECT power(3::numeric, 280000);
SELECT power(10::numeric, 131072);
SELECT power(-10::numeric, 131073);
SELECT md5(power(2::numeric, 1000.5)::text), md5(exp(5999.9::numeric)::text), md5(ln(1e131071)::text), md5(log(3, 1e131071)::text), md5(power(0.5::numeric, 3000)::text), md5(power(1e131071, 0.999)::text);
SELECT repeat('9', 131072)::numeric * 10;
SELECT md5(factorial(3000)::text), md5((repeat('9', 16383) || '.' || repeat('9', 16383))::numeric::text || '' ), md5(((repeat('9', 1000) || '.' || repeat('9', 16383))::numeric * (repeat('9', 1000) || '.' || repeat('9', 16383))::numeric)::text);
-- Quotients whose digits are guessed too large, digits of all lengths, every boundary of what is taken together.
SELECT md5(string_agg((a / b)::text || ' ' || div(a, b) || ' ' || a % b || ' ' || a * b, ',' ORDER BY i, k)) FROM
  (SELECT i, k, (repeat('9', i) || repeat('0', k) || '1')::numeric a, ('5' || repeat('0', i) || repeat('9', k % 9))::numeric b FROM generate_series(0, 40) i, generate_series(0, 40, 3) k) s;
SELECT md5(string_agg((a / b)::text || ' ' || div(a, b) || ' ' || a % b || ' ' || a * b, ',' ORDER BY i, k)) FROM
  (SELECT i, k, (repeat('4999', i) || '.' || repeat('9', k) || '1')::numeric a, ('0.' || repeat('0', k) || '5' || repeat('0000', i) || '1')::numeric b FROM generate_series(1, 12) i, generate_series(0, 40, 3) k) s;
SELECT md5(string_agg(sqrt(a)::text || ' ' || sqrt(a * a) || ' ' || sqrt(1 / a), ',' ORDER BY i, k)) FROM
  (SELECT i, k, (repeat('9', i) || '.' || repeat('7', k) || '1')::numeric a FROM generate_series(1, 40) i, generate_series(0, 60, 7) k) s;
SELECT sqrt(99999999.9999999999999999999999), sqrt(1.00000000000000000000000000001), sqrt(0.00000000000000000000000000000000000001), sqrt(2e-200), sqrt(9801e100);
