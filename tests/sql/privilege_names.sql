-- What functions take for a name: relations are never numbers or "-", types and functions may be numbers.
\set VERBOSITY sqlstate
create sequence sq;
select has_type_privilege('-', 'usage');
select has_type_privilege('23', 'usage');
select has_type_privilege('99999', 'usage');
select has_type_privilege('nosuch', 'bogus');
select has_function_privilege('-', 'execute');
select has_function_privilege('99999', 'execute');
select has_function_privilege('1234', 'execute');
select has_table_privilege('1259', 'select');
select has_table_privilege('-', 'select');
select has_table_privilege(10::oid, '-', 'select');
select has_any_column_privilege('1259', 'bogus');
select has_column_privilege('1259', 'relname', 'select');
select has_sequence_privilege('1259', 'select');
select has_sequence_privilege('1259', 'usage with grant option');
select has_sequence_privilege('1259', 'bogus');
select has_sequence_privilege('-', 'usage');
select has_sequence_privilege('sq', 'usage');
select has_sequence_privilege(99999::oid, 'select');
select has_sequence_privilege(1259::oid, 'select');
select pg_get_viewdef('1259');
select pg_get_serial_sequence('1259', 'a');
select '1259'::text::regclass;
select '1259'::regclass;
select row_security_active('1259');
select has_parameter_privilege('', 'work_mem', 'bogus');
select has_parameter_privilege('', 'work_mem', 'set');
select has_parameter_privilege('work_mem', 'bogus');
select * from aclexplode('{{postgres=r/postgres}}');
\set VERBOSITY default
select has_table_privilege('1259', 'select');
select has_function_privilege('-', 'execute');
select has_type_privilege('-', 'usage');
select has_sequence_privilege('1259', 'usage');
