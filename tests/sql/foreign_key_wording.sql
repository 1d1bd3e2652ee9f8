-- Columns of ON DELETE SET named twice; a partition's constraint is altered with the one above
\set VERBOSITY verbose
CREATE TABLE named (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE names (a int, b int DEFAULT 0, c int, FOREIGN KEY (a, b) REFERENCES named ON DELETE SET DEFAULT (b, b));
CREATE TABLE other (a int, b int, FOREIGN KEY (a, b) REFERENCES named ON DELETE SET NULL (b, a, b, a));
CREATE TABLE wrong (a int, b int, c int, FOREIGN KEY (a, b) REFERENCES named ON DELETE SET NULL (b, b, c));
SELECT conrelid::regclass, confdelsetcols, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1;
INSERT INTO named VALUES (1, 0), (1, 1); INSERT INTO names VALUES (1, 1); INSERT INTO other VALUES (1, 1);
DELETE FROM named WHERE b = 1;
SELECT * FROM names; SELECT * FROM other;
CREATE TABLE parted (a int, b int, CONSTRAINT up FOREIGN KEY (a, b) REFERENCES named) PARTITION BY RANGE (a);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9);
ALTER TABLE part ALTER CONSTRAINT up DEFERRABLE;
